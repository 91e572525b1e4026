import type { DiscordMessage, DiscordUser, InteractionState } from "../page-protocol.ts";
import { make, wayBack } from "./dom.ts";
import { dayLine, showCommand, showMessage } from "./messages.ts";
import type { Sight } from "./sight.ts";

export type Timeline = {
  element: HTMLElement;
  /** Shows a channel as it is now; what did not change stays the very same element, with its focus and its place. */
  show: (what: Shown) => void;
  goTo: (message: string) => void;
  goToEnd: () => void;
};

export type Shown = {
  name: string;
  intro: HTMLElement;
  messages: DiscordMessage[];
  commands: InteractionState[];
  person: DiscordUser;
  sight: Sight;
  dismissCommand: (id: string) => void;
};

const nearEndPixels = 60;

export function makeTimeline(): Timeline {
  const list = make("div", { class: "list", role: "log", "aria-live": "off" });
  const scroller = make("div", { class: "timeline", tabindex: "0" }, list);
  const kept = new Map<string, { as: string; element: HTMLElement }>();
  let isAtEnd = true;
  const goToEnd = () => {
    isAtEnd = true;
    scroller.scrollTop = scroller.scrollHeight;
    height = `${scroller.scrollHeight} ${scroller.clientHeight}`;
  };
  let height = "";
  scroller.addEventListener("scroll", () => {
    // What grew or shrank by itself scrolls too; only a person leaves the end.
    const now = `${scroller.scrollHeight} ${scroller.clientHeight}`;
    if (now !== height && isAtEnd) return;
    isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearEndPixels;
  });
  const watch = new ResizeObserver(() => {
    if (isAtEnd) goToEnd();
  });
  watch.observe(list);
  watch.observe(scroller);

  const keep = (key: string, as: string, build: () => HTMLElement): HTMLElement => {
    const old = kept.get(key);
    if (old?.as === as) return old.element;
    const element = build();
    if (old) replace(old.element, element);
    kept.set(key, { as, element });
    return element;
  };

  const show = ({ name, intro, messages, commands, person, sight, dismissCommand }: Shown) => {
    list.setAttribute("aria-label", `Messages in ${name}`);
    const elements: HTMLElement[] = [intro];
    messages.forEach((message, index) => {
      const day = new Date(message.timestamp).toDateString();
      const before = messages[index - 1];
      const isNewDay = before === undefined || new Date(before.timestamp).toDateString() !== day;
      if (isNewDay) elements.push(keep(`day-${day}`, day, () => dayLine(message.timestamp)));
      const as = JSON.stringify([message, before?.id, isNewDay, ...whatElseShows(message, sight)]);
      elements.push(keep(message.id, as, () => showMessage(message, before, sight)));
    });
    for (const command of commands)
      elements.push(
        keep(`command-${command.id}`, command.state, () =>
          showCommand(command, { person, sight, dismiss: () => dismissCommand(command.id) }),
        ),
      );
    elements.forEach((element, index) => {
      const there = list.children[index];
      if (there !== element) list.insertBefore(element, there ?? null);
    });
    while (list.children.length > elements.length) list.lastElementChild?.remove();
    const shown = new Set(elements);
    for (const [key, { element }] of kept) if (!shown.has(element)) kept.delete(key);
    if (isAtEnd) goToEnd();
  };

  const goTo = (message: string) => {
    const element = kept.get(message)?.element;
    element?.scrollIntoView({ block: "center", behavior: "smooth" });
    element?.focus();
  };
  return { element: scroller, show, goTo, goToEnd };
}

/** Of what a message shows beside its own: what was pressed on it, what it is an answer to, the thread that hangs on it. */
function whatElseShows({ id, message_reference: to }: DiscordMessage, sight: Sight): unknown[] {
  const reference = sight.messages.get(to?.message_id ?? "");
  return [sight.pressed(id), reference?.edited_timestamp, reference?.id, sight.names.channel(id)];
}

/** A newer state of a message: pictures that stay are not loaded anew, a menu that is open stays so, and who was on a control is on it still. */
function replace(old: HTMLElement, fresh: HTMLElement): void {
  for (const menu of old.querySelectorAll<HTMLDetailsElement>(".several[open]")) {
    const same = [...fresh.querySelectorAll<HTMLElement>(".several")].find(
      ({ dataset }) => dataset["as"] === menu.dataset["as"],
    );
    same?.replaceWith(menu);
  }
  for (const image of fresh.querySelectorAll<HTMLImageElement>(".picture img")) {
    const same = [...old.querySelectorAll<HTMLImageElement>(".picture img")].find(({ src }) => src === image.src);
    if (same && same.alt === image.alt) image.replaceWith(same);
  }
  const goBack = old.contains(document.activeElement) ? wayBack(document.activeElement) : undefined;
  old.replaceWith(fresh);
  goBack?.();
}
