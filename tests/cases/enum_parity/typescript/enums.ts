// Enums as people write them, and as they should not.
enum Plain { A = "a", B = 'b', C = `c` }
const enum Constant { A = "a" }
declare enum Ambient { A = "a" }
declare const enum AmbientConstant { A = "a" }
export enum Numbers { A, B, C = 10, D }
export enum Mixed { A = "a", B = 1, C = 2 }
enum Bits { A = 1 << 0, B = 1 << 1, AB = A | B, N = -1, L = "abc".length }
enum Comments { /* one */ A = "a", // 'not this'
  /** B = "x" */ B = "b" /* , C = "c" */, }
enum Escapes { A = "it's", B = 'say "x"', C = "\u0041\x42\u{43}", D = "line\
continued", E = "tab\there", F = "😀 \uD83D\uDE00", G = '\'' }
enum Quoted { "a-b" = "a-b", 'c d' = "c d", e = "}" }
enum Together { A = "a" + "b", B = "x" }
enum Empty {}
enum Commas { A = "a", B = "b", }
namespace Outer { export enum Inner { A = "in" } export namespace Deep { export enum Deepest { A = "d" } } }
function local() { enum Local { A = "l" } return Local.A; }
enum Merged { A = "a" }
enum Merged { B = "b" }
const text = "enum NotThis { A = 'a' }";
const template = `enum NorThis { A = "a" }`;
const pattern = /enum Nothing { A }/;
const object = { enum: "a", type: 1 };
abstract class Holder { enum = "x"; type = "y"; method(enumeration: string) { return enumeration; } }
// enum InAComment { A = "a" }
/* enum InABlock { A = "a" } */
enum $Dollar_1 { $ = "$", _ = "_" }
enum Größe { Klein = "klein" }
export default Plain;
export { local, text, template, pattern, object, Holder };
