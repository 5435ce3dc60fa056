const ROLES = ["admin", "member", "guest"] as const;
enum Role {
  A = "admin",
  M = "member",
}
export const sliced = ROLES.slice(1);
export const slicedBehind = ROLES.slice(0, -1);
export const slicedFromBehind = ROLES.slice(-2, -1);
export const reversed = [...ROLES].reverse();
export const sorted = [...ROLES].sort();
export const turned = ROLES.slice().reverse().slice(1).concat(["x"]);
export const values = Object.values(Role);
export const keys = Object.keys(Role);
export const uppered = ROLES.map((role) => role.toUpperCase());
export const prefixed = ROLES.map((role) => `x-${role}`);
export const spread = [...ROLES, ...Object.values({ a: "y", b: "z" })];
export const filtered = ["a", "", "b"].filter(Boolean);
export const nested = [["a"], ["b"]].flat();
export const joined = ["a" + "b", `${Role.A}_x`, `\${no}`, "q".toUpperCase()];
export const ofEach = [{ id: "a" }, { id: "b" }].map((one) => one.id);
export const frozen = Object.freeze(["a", "b"]);
export const computed = ROLES.filter((role) => role.length > 5);
export const cutByLength = ROLES.slice(ROLES.length - 1);
