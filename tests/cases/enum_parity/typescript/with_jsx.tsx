enum Shape { Round = "round", Square = "square" }
type Kind = "a" | "b";
export const view = <div title="enum Fake { A = 'a' }">{Shape.Round} type X = "q" | "r";</div>;
export const generic = <T,>(one: T) => one;
export type { Kind };
