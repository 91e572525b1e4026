import type { Refusal } from "../page-protocol.ts";
import { icon, make } from "./dom.ts";

const secondsSeen = 9;

/** A sentence in the corner, that goes by itself or by a press. */
export function notice(text: string, details = ""): void {
  const corner =
    document.querySelector(".notices") ??
    document.body.appendChild(make("div", { class: "notices", role: "status", "aria-label": "Notices" }));
  const card = make(
    "div",
    { class: "notice" },
    make("div", {}, make("b", {}, text), details !== "" && make("p", {}, details)),
    make(
      "button",
      { type: "button", class: "round", "aria-label": "Close", click: () => card.remove() },
      icon("close"),
    ),
  );
  corner.append(card);
  setTimeout(() => {
    if (!card.matches(":hover, :focus-within")) card.remove();
  }, secondsSeen * 1000);
}

export function noticeRefusal(refusal: Refusal): void {
  notice(titleOf(refusal), refusal.call);
}

function titleOf({ code, status, message }: Refusal): string {
  return `Discord would refuse this: ${code ?? status} ${message}`;
}

/** All that was refused, the newest first. */
export function showRefusals(element: HTMLElement, refusals: readonly Refusal[]): void {
  element.hidden = refusals.length === 0;
  element.replaceChildren(
    make("h2", {}, "Refused, as Discord would"),
    make(
      "ul",
      {},
      ...refusals
        .toReversed()
        .slice(0, 20)
        .map((refusal) =>
          make(
            "li",
            {},
            make("b", {}, `${refusal.code ?? refusal.status} ${refusal.message}`),
            make("code", {}, refusal.call),
            ...(refusal.problems ?? []).map((problem) => make("small", {}, problem)),
          ),
        ),
    ),
  );
}
