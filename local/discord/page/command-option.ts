/** One option of a command, as a chip with a field of its own. */
import type { DiscordCommandOption, SendCommand, Uploaded } from "../page-protocol.ts";
import { make } from "./dom.ts";

export type Value = SendCommand["options"][string];

export type Chip = {
  option: DiscordCommandOption;
  element: HTMLElement;
  focus: () => void;
  /** Undefined where nothing was put in. */
  value: () => Value | undefined;
  set: (text: string) => void;
  attach?: (file: File) => Promise<void>;
};

export type ChipHands = {
  upload: (file: File) => Promise<Uploaded>;
  /** Sends the whole command. */
  submit: () => void;
  remove: (chip: Chip) => void;
  sayTrouble: (sentence: string) => void;
};

const kind = { integer: 4, boolean: 5, number: 10, attachment: 11 };

type Field = Pick<Chip, "value" | "set" | "attach"> & { node: HTMLElement; focus?: () => void };

export function makeChip(option: DiscordCommandOption, hands: ChipHands): Chip {
  const field = fieldOf(option, hands);
  const { name, required } = option;
  const away = make(
    "button",
    { type: "button", class: "chip-away", "aria-label": `Take ${name} away`, click: () => hands.remove(chip) },
    "✕",
  );
  const element = make(
    "div",
    { class: "chip", title: option.description },
    make("span", { class: "chip-name", "aria-hidden": "true" }, name),
    field.node,
    !required && away,
  );
  const chip: Chip = {
    option,
    element,
    focus: field.focus ?? (() => field.node.focus()),
    value: field.value,
    set: field.set,
    ...(field.attach ? { attach: field.attach } : {}),
  };
  return chip;
}

function fieldOf(option: DiscordCommandOption, hands: ChipHands): Field {
  if (option.type === kind.attachment) return fileField(option, hands);
  if (option.type === kind.boolean)
    return choiceField(option, [
      ["True", true],
      ["False", false],
    ]);
  if (option.choices?.length)
    return choiceField(
      option,
      option.choices.map(({ name, value }) => [name, value]),
    );
  if (option.type === kind.integer || option.type === kind.number) return numberField(option, hands);
  return textField(option, hands);
}

function labelOf({ name, description, required }: DiscordCommandOption) {
  return { "aria-label": name, "aria-description": description, "aria-required": String(required === true) };
}

function choiceField(option: DiscordCommandOption, choices: [string, string | number | boolean][]): Field {
  const options = choices.map(([name], index) => make("option", { value: index }, name));
  const empty = make("option", { value: "", hidden: true }, "Choose…");
  const node = make("select", { class: "chip-field", ...labelOf(option) }, empty, ...options);
  return {
    node,
    value: () => (node.value === "" ? undefined : choices[Number(node.value)]?.[1]),
    set: (text) => {
      const index = choices.findIndex(([name, value]) =>
        [name.toLowerCase(), String(value)].includes(text.toLowerCase()),
      );
      if (index >= 0) node.value = String(index);
    },
  };
}

function numberField(option: DiscordCommandOption, { submit }: ChipHands): Field {
  const { min_value: min, max_value: max, type } = option;
  const node = make("input", {
    class: "chip-field",
    type: "number",
    min,
    max,
    step: type === kind.integer ? 1 : "any",
    ...labelOf(option),
  });
  node.addEventListener("keydown", (event) => submitOnEnter(event, submit));
  return {
    node,
    value: () => (node.value === "" ? undefined : Number(node.value)),
    set: (text) => (node.value = text),
  };
}

function textField(option: DiscordCommandOption, { submit }: ChipHands): Field {
  const { max_length: maxlength } = option;
  const node = make("textarea", {
    class: "chip-field",
    rows: 1,
    maxlength,
    placeholder: option.description,
    ...labelOf(option),
  });
  node.addEventListener("keydown", (event) => submitOnEnter(event, submit));
  return { node, value: () => node.value.trim() || undefined, set: (text) => (node.value = text) };
}

function submitOnEnter(event: KeyboardEvent, submit: () => void): void {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
}

function fileField(option: DiscordCommandOption, { upload, sayTrouble }: ChipHands): Field {
  const { file_types: types } = option as { file_types?: string[] };
  let kept: Uploaded | undefined;
  const input = make("input", {
    type: "file",
    class: "chip-file",
    tabindex: -1,
    accept: types?.join(),
    ...labelOf(option),
  });
  const face = make("span", {}, "Choose a file, or drop it here");
  const node = make(
    "button",
    {
      type: "button",
      class: "chip-field",
      "aria-label": `${option.name}: choose a file`,
      click: () => input.click(),
    },
    face,
  );
  const attach = async (file: File) => {
    face.textContent = `${file.name} …`;
    try {
      kept = await upload(file);
      const picture = make("img", { src: URL.createObjectURL(file), alt: "" });
      face.replaceChildren(...(file.type.startsWith("image/") ? [picture] : []), file.name);
      node.setAttribute("aria-label", `${option.name}: ${file.name}`);
    } catch (error) {
      face.textContent = "Choose a file, or drop it here";
      sayTrouble(error instanceof Error ? error.message : String(error));
    }
  };
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) void attach(file);
  });
  return {
    node: make("span", { class: "chip-upload" }, node, input),
    focus: () => node.focus(),
    value: () => kept && { upload: kept.upload },
    set: () => undefined,
    attach,
  };
}
