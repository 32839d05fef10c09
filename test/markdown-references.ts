/** The links of a Markdown text, without image titles: `docs/errors.md#evt_closed`, `https://example.com`. */
export function linksIn(markdown: string): readonly string[] {
  const text = withoutCode(markdown);
  const inline = [...text.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)];
  const html = [...text.matchAll(/\b(?:href|src)="([^"]+)"/g)];
  return [...inline, ...html].map(([, target = ""]) => target);
}

/** The anchors that a link into the text may use: headings, as GitHub names them, and `<a id>` elements. */
export function anchorsIn(markdown: string): ReadonlySet<string> {
  const text = withoutCodeBlocks(markdown);
  const seen = new Map<string, number>();
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) => {
    const slug = slugOf(title);
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  const named = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);
  return new Set([...headings, ...named]);
}

/**
 * The paths in backticks in a Markdown text. A folder ends with a slash; `*` matches any name. Link texts are not
 * included, because the link's target is checked.
 */
export function pathsIn(markdown: string): readonly string[] {
  const text = withoutCodeBlocks(markdown).replace(/\[`[^`\n]+`\]\(/g, "");
  const spans = [...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)];
  return spans.map(([, span = ""]) => span).filter(isPath);
}

/** Returns true if the path matches one of `known`, from the root, from `packages/` or from the document's folder. */
export function namesOne(path: string, document: string, known: readonly string[]): boolean {
  const folder = document.slice(0, document.lastIndexOf("/") + 1);
  const pattern = path.split("*").map(escaped).join("[^/]+");
  return ["", "packages/", folder].some((from) => {
    const wanted = new RegExp(`^${escaped(from)}${pattern}$`);
    return known.some((each) => wanted.test(each));
  });
}

/**
 * Returns true for a relative path with a folder that ends in a slash or in a file extension of this repository.
 * Routes begin with a slash.
 */
function isPath(span: string): boolean {
  return (
    /^[\w.@*-]+(?:\/[\w.@*-]+)*\/(?:[\w.*-]+\.(?:tsx?|mjs|cjs|md|json|png|ya?ml|sql|sh))?$/.test(span) ||
    span === ".ci/run"
  );
}

/** GitHub's rule: lower case, no punctuation, hyphens for spaces. */
function slugOf(title: string): string {
  const text = title.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/`/g, "");
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
    .replaceAll(" ", "-");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function withoutCode(markdown: string): string {
  return withoutCodeBlocks(markdown).replace(/`[^`\n]*`/g, "");
}

function withoutCodeBlocks(markdown: string): string {
  return markdown.replace(/^( *)```.*?^\1```/gms, "");
}
