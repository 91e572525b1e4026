/**
 * What the wire lets through and a person pays for: Teams does not draw it, shows an error, or calls it forbidden in its
 * documentation. `where` names the message, the invoke or the address.
 */
export type Violation = { about: "card" | "invoke" | "download" | "message"; where: string; what: string };
