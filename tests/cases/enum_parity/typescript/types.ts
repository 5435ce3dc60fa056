// Types that are lists of texts.
type Union = "a" | "b";
type Leading =
  | "a" // first
  | 'b'
  /* | "c" */
  | `d`;
type Nested = Union | ("x" | ("y" | "z"));
const LIST = ["a", "b"] as const;
type OfList = (typeof LIST)[number];
type OfListWithoutBrackets = typeof LIST[number];
const LONGER = [...LIST, "c"] as const;
type OfLonger = (typeof LONGER)[number];
const OBJECT = { A: "a", "b-c": "d", E: `e` } as const;
type Values = (typeof OBJECT)[keyof typeof OBJECT];
type Keys = keyof typeof OBJECT;
const SPREAD = { ...OBJECT, F: "f" } as const;
type SpreadValues = (typeof SPREAD)[keyof typeof SPREAD];
const PAIRS = [{ value: "a", label: "A" }, { value: "b", label: "B" }] as const;
type OfPairs = (typeof PAIRS)[number]["value"];
const SATISFYING = ["a", "b"] as const satisfies readonly string[];
type OfSatisfying = (typeof SATISFYING)[number];
const OLD = <const>["a", "b"];
type OfOld = (typeof OLD)[number];
type Escaped = "it's" | 'say "x"' | "\u0041" | "a\\b";
namespace Inside { export type Here = "a" | "b"; }
type NotALiteral = string | "a";
type Generic<T> = T | "a";
type Numbers = 1 | 2;
export type { Union, Leading, Nested, OfList, OfListWithoutBrackets, OfLonger, Values, Keys, SpreadValues, OfPairs, OfSatisfying, OfOld, Escaped, NotALiteral, Generic, Numbers };
export { Inside };
