/** The flight simulator: what can go wrong, each with a switch, what Easel must do, and what it did. */
import type { Fault, Faults } from "../page-protocol.ts";
import { make } from "./dom.ts";

export type FlightPanel = { element: HTMLElement; show(faults: Faults): void };

export function makeFlightPanel(): FlightPanel {
  const cards = new Map<string, Card>();
  const trouble = make("p", { class: "flight-trouble", role: "alert", hidden: true });
  const list = make("ul", { class: "flight-faults" });
  const intro = make(
    "p",
    { class: "flight-intro" },
    "Let something go wrong and see what Easel makes of it. What strikes once switches itself off when it has.",
  );
  const element = make("div", { class: "flight" }, intro, trouble, list);
  const flip = async ({ id, on }: Fault) => {
    try {
      show(await post(id, !on));
      trouble.hidden = true;
    } catch (error) {
      trouble.textContent = error instanceof Error ? error.message : String(error);
      trouble.hidden = false;
    }
  };
  const show = ({ faults }: Faults) => {
    for (const fault of faults) {
      const card = cards.get(fault.id) ?? makeCard(fault, (now) => void flip(now));
      if (!cards.has(fault.id)) list.append(card.element);
      cards.set(fault.id, card);
      card.show(fault);
    }
  };
  return { element, show };
}

async function post(id: string, on: boolean): Promise<Faults> {
  const body = JSON.stringify({ id, on });
  const response = await fetch("faults", { method: "POST", headers: { "content-type": "application/json" }, body });
  const answer = (await response.json()) as Faults & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The look-alike answered ${response.status}.`);
  return answer;
}

type Card = { element: HTMLElement; show(fault: Fault): void };

const platformNames = { discord: "Discord", teams: "Teams" };

function makeCard(first: Fault, flip: (fault: Fault) => void): Card {
  let fault = first;
  const { id, title, does, must, platforms, once } = first;
  const toggle = make("button", {
    type: "button",
    role: "switch",
    class: "flight-switch",
    "aria-label": title,
    "aria-describedby": `flight-${id}`,
    click: () => flip(fault),
  });
  const places = platforms.map((platform) => make("span", { class: "flight-platform" }, platformNames[platform]));
  const state = make("span", { class: "flight-state" });
  const happened = make("ol", {
    class: "flight-happened",
    "aria-label": `What happened: ${title}`,
    "aria-live": "polite",
  });
  const element = make(
    "li",
    { class: "flight-fault", "data-fault": id },
    make("div", { class: "flight-head" }, make("h3", {}, title), toggle),
    make("p", { class: "flight-tags" }, ...places, state),
    make(
      "div",
      { id: `flight-${id}` },
      make("p", {}, does),
      make("p", { class: "flight-must" }, make("b", {}, "Easel must: "), must),
    ),
    happened,
  );
  let told = "";
  return {
    element,
    show: (now) => {
      fault = now;
      toggle.setAttribute("aria-checked", String(now.on));
      element.classList.toggle("on", now.on);
      state.textContent = now.on ? (once ? "Waits to strike" : "On until you switch it off") : "";
      const text = JSON.stringify(now.happened);
      if (text === told) return;
      told = text;
      happened.replaceChildren(
        ...now.happened.map(({ at, what }) =>
          make("li", {}, make("time", {}, new Date(at).toLocaleTimeString("en-GB")), " ", what),
        ),
      );
    },
  };
}
