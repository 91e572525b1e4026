/** A command that is being filled in: its name, a chip for each option, and what else it takes. */
import type { DiscordCommandOption, SendCommand } from "../page-protocol.ts";
import { makeChip, type Chip, type ChipHands } from "./command-option.ts";
import type { Typed } from "./command-list.ts";
import { make } from "./dom.ts";

export type CommandForm = {
  command: Typed;
  element: HTMLElement;
  focus: () => void;
  /** Puts a text into the first option that is asked for and takes one; "model:gpt-image-2" in it is an option by name. */
  fill: (text: string) => void;
  /** False where no option takes a file, or none is free. */
  attach: (file: File) => boolean;
  options: () => SendCommand["options"];
  /** The first chip without which the command cannot be sent. */
  lacks: () => Chip | undefined;
};

type FormHands = Omit<ChipHands, "remove"> & { cancel: () => void };

export function makeCommandForm(command: Typed, hands: FormHands): CommandForm {
  const { chips, place, others, add } = makeChips(command, hands);
  const about = make("p", { class: "command-about" }, command.description);
  const { line, send } = makeLine(command, place, hands);
  const name = `/${command.name}`;
  const element = make("div", { class: "command-form", role: "group", "aria-label": name }, about, others, line);
  element.addEventListener("keydown", ({ key }) => key === "Escape" && hands.cancel());
  return {
    command,
    element,
    focus: () => {
      const [first] = chips;
      if (first) first.focus();
      else send.focus();
    },
    fill: (text) => {
      const { words, given } = readOptions(text, command.options);
      for (const [option, value] of given)
        ([...chips].find((chip) => chip.option === option) ?? add(option)).set(value);
      if (words) [...chips].find(({ option }) => takesWords(option))?.set(words);
    },
    attach: (file) => {
      const free = [...chips].find((chip) => chip.attach && chip.value() === undefined);
      const next = left(command, chips).find(({ type }) => type === 11);
      const chip = free ?? (next && add(next));
      void chip?.attach?.(file);
      return chip !== undefined;
    },
    options: () => {
      const given = [...chips].map(({ option, value }) => [option.name, value()] as const);
      return Object.fromEntries(given.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
    },
    lacks: () => [...chips].find(({ option, value }) => option.required && value() === undefined),
  };
}

/** What stands behind a command: words, and options by their names up to the next one. */
function readOptions(text: string, options: readonly DiscordCommandOption[]) {
  const names = options.map(({ name }) => name).join("|");
  const [words = "", ...parts] = text.split(new RegExp(`(?:^|\\s)(${names}):`));
  const given: [DiscordCommandOption, string][] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const option = options.find(({ name }) => name === parts[at]);
    if (option) given.push([option, (parts[at + 1] ?? "").trim()]);
  }
  return { words: words.trim(), given };
}

function left({ options }: Typed, chips: ReadonlySet<Chip>): DiscordCommandOption[] {
  return options.filter((option) => ![...chips].some((chip) => chip.option === option));
}

const TEXT = 3;

function takesWords({ type, choices }: DiscordCommandOption): boolean {
  return type === TEXT && !choices?.length;
}

/** What is asked for stands there at once; what else there is, is offered. */
function makeChips(command: Typed, hands: FormHands) {
  const chips = new Set<Chip>();
  const place = make("div", { class: "chips" });
  const others = make("div", { class: "others", role: "group", "aria-label": "More options" });
  const offer = () => {
    const buttons = left(command, chips).map((option) => {
      const { name, description } = option;
      const label = { title: description, "aria-label": `Add ${name}: ${description}` };
      return make("button", { type: "button", ...label, click: () => add(option).focus() }, `+ ${name}`);
    });
    others.replaceChildren(...buttons);
  };
  const remove = (chip: Chip) => {
    chips.delete(chip);
    chip.element.remove();
    offer();
    [...chips].at(-1)?.focus();
  };
  const add = (option: DiscordCommandOption): Chip => {
    const chip = makeChip(option, { ...hands, remove });
    chips.add(chip);
    place.append(chip.element);
    offer();
    return chip;
  };
  offer();
  for (const option of command.options) if (option.required) add(option);
  // Where nothing has to be given, what is typed on goes somewhere all the same.
  const [first] = command.options;
  if (first && !chips.size && takesWords(first)) add(first);
  return { chips, place, others, add };
}

function makeLine({ name }: Typed, place: HTMLElement, hands: FormHands) {
  const leave = { class: "command-cancel", "aria-label": `Leave /${name}`, click: () => hands.cancel() };
  const cancel = make("button", { type: "button", ...leave }, "✕");
  const send = make("button", { type: "button", class: "command-send", click: () => hands.submit() }, "Send");
  const tag = make("span", { class: "command-tag" }, `/${name}`);
  return { line: make("div", { class: "command-line" }, tag, place, send, cancel), send };
}
