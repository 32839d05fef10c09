/**
 * The part of Standard Schema v1 (https://standardschema.dev) that evt calls: zod, valibot and arktype validators
 * all have it.
 */
export interface StandardSchema {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
  };
}

export interface StandardResult {
  readonly issues?: ReadonlyArray<StandardIssue> | undefined;
}

export interface StandardIssue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}
