// What the TypeScript compiler sees: each enum with its members, each type that is a union of texts.
// Reads paths from standard input, one a line; writes one JSON object a line.
const ts = require("typescript");
const paths = require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean);
const options = { noResolve: true, allowJs: false, jsx: ts.JsxEmit.Preserve, strict: true, target: ts.ScriptTarget.ESNext };
const program = ts.createProgram(paths, options);
const checker = program.getTypeChecker();
const tell = (one) => process.stdout.write(JSON.stringify(one) + "\n");

function labelsOf(type) {
  const parts = type.isUnion() ? type.types : [type];
  const texts = parts.map((part) => (part.flags & ts.TypeFlags.StringLiteral ? part.value : null));
  return texts.every((text) => text !== null) ? texts : null;
}

function visit(node, source, names) {
  const line = node.getStart ? source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1 : 0;
  if (ts.isModuleDeclaration(node)) names = [...names, node.name.text];
  if (ts.isEnumDeclaration(node)) {
    const members = node.members.map((member) => {
      const value = checker.getConstantValue(member);
      return [member.name.text ?? member.name.getText(source), typeof value === "string" ? value : null];
    });
    tell({ path: source.fileName, kind: "enum", name: [...names, node.name.text].join("."), line, members });
  }
  if (ts.isTypeAliasDeclaration(node) && !node.typeParameters) {
    const labels = labelsOf(checker.getTypeAtLocation(node.name));
    if (labels) tell({ path: source.fileName, kind: "type", name: [...names, node.name.text].join("."), line, labels });
  }
  ts.forEachChild(node, (child) => visit(child, source, names));
}

for (const path of paths) {
  const source = program.getSourceFile(path);
  if (source) ts.forEachChild(source, (node) => visit(node, source, []));
}
