import ts from "typescript";
import { readText, repositoryPaths } from "./markdown-files.js";

/** The sources of all packages. */
export const packageSources = repositoryPaths
  .filter((path) => /^packages\/[\w-]+\/src\/.*\.ts$/.test(path))
  .map((path) => ({ path, text: readText(path) }));

/** The string literals of an exported union type, in any source file. */
export function unionMembers(type: string): readonly string[] {
  const literals: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) literals.push(node.literal.text);
    ts.forEachChild(node, visit);
  };
  visit(declarationOf(type, "type"));
  return literals;
}

/** The members of an exported interface and of the interfaces that it extends, in any source file. */
export function interfaceMembers(type: string): readonly string[] {
  const declaration = declarationOf(type, "interface");
  if (!ts.isInterfaceDeclaration(declaration)) throw new Error(`${type} is not an interface`);
  const bases = declaration.heritageClauses?.flatMap(({ types }) => types) ?? [];
  const inherited = bases.flatMap(inheritedMembers);
  return [...inherited, ...declaration.members.map((member) => member.name?.getText() ?? "")];
}

/**
 * The members of a base: an interface, or an interface without some members, such as `Omit<Base, "a"
 * "b">`.
 */
function inheritedMembers({ expression, typeArguments }: ts.ExpressionWithTypeArguments): readonly string[] {
  const name = expression.getText();
  if (name !== "Omit") return interfaceMembers(name);
  const [base, omitted] = typeArguments?.map((argument) => argument.getText()) ?? [];
  return interfaceMembers(base ?? "").filter((member) => !omitted?.includes(`"${member}"`));
}

function declarationOf(type: string, kind: "type" | "interface"): ts.Node {
  const begins = new RegExp(`^export ${kind} ${type}\\b`, "m");
  const source = packageSources.find(({ text }) => begins.test(text));
  if (source === undefined) throw new Error(`no source declares ${type}`);
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
  const isIt = (node: ts.Node) =>
    (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) && node.name.text === type;
  return file.statements.find(isIt) as ts.Node;
}
