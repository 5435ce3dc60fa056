// What the TypeScript compiler sees: each enum with its members, each type that is a union of texts.
// Of values.ts also what it exports when it is run: the lists of texts.
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
  const symbol = ts.isEnumDeclaration(node) ? checker.getSymbolAtLocation(node.name) : undefined;
  if (symbol && symbol.declarations[0] === node) {
    const members = symbol.declarations.flatMap((one) => [...one.members]).map((member) => {
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

function run(source) {
  const made = { exports: {} };
  new Function("exports", "module", ts.transpile(source.text, { module: ts.ModuleKind.CommonJS }))(made.exports, made);
  for (const [name, labels] of Object.entries(made.exports)) tell({ path: source.fileName, kind: "value", name, labels });
}

for (const path of paths) {
  const source = program.getSourceFile(path);
  if (source && path.endsWith("values.ts")) run(source);
  if (source) ts.forEachChild(source, (node) => visit(node, source, []));
}
