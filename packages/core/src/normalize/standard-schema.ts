/**
 * The part of Standard Schema v1 (https://standardschema.dev) that evt uses. Validators of zod, valibot and arktype
 * implement it.
 */
export interface StandardSchema {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
  };
}

/** The result of a validator. The event is valid if there are no issues. */
export interface StandardResult {
  readonly issues?: ReadonlyArray<StandardIssue> | undefined;
}

/** One issue that a validator reports. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}
