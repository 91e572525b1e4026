/** The box to write in: plain messages, and commands as Discord has them. */
import type { DiscordCommand, SendCommand, Uploaded } from "../page-protocol.ts";
import { makeCommandForm, type CommandForm } from "./command-form.ts";
import { makeCommandList, readLine, typedCommands, type CommandList, type Typed } from "./command-list.ts";
import { make } from "./dom.ts";

export type Doing = {
  command(name: string, options: SendCommand["options"]): Promise<void>;
  say(content: string): Promise<void>;
  upload(file: File): Promise<Uploaded>;
};

export type Composer = {
  element: HTMLElement;
  /** `name`: "#pictures" or "@Easel". */
  show(place: { name: string; commands: readonly DiscordCommand[] }): void;
  /** Begins a command by its name, or by a whole line such as "/imagine a lighthouse". */
  begin(command: string): void;
  focus(): void;
};

/** What stands in the box: a line that is being written, or a command that is being filled in. */
type Box = {
  does: Doing;
  element: HTMLElement;
  plain: HTMLElement;
  field: HTMLTextAreaElement;
  trouble: HTMLElement;
  list: CommandList;
  commands: Typed[];
  form?: CommandForm;
};

export function makeComposer(does: Doing): Composer {
  const field = make("textarea", {
    class: "composer-field",
    rows: 1,
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": "commands",
    "aria-expanded": "false",
  });
  const list = makeCommandList(field, (command) => begin(box, command, ""));
  const trouble = make("p", { class: "composer-trouble", role: "alert", hidden: true });
  const slash = make(
    "button",
    { type: "button", class: "composer-slash", "aria-label": "Commands", title: "Commands" },
    "/",
  );
  const plain = make("div", { class: "composer-plain" }, slash, field);
  const element = make("div", { class: "composer" }, trouble, list.element, plain);
  const box: Box = { does, element, plain, field, trouble, list, commands: [] };
  slash.addEventListener("click", () => {
    field.focus();
    field.value = "/";
    list.show("/", box.commands);
  });
  listenTo(box);
  takeFiles(box);
  return {
    element,
    focus: () => (box.form ? box.form.focus() : field.focus()),
    show: ({ name, commands }) => {
      box.commands = typedCommands(commands);
      field.setAttribute("aria-label", `Message ${name}`);
      field.placeholder = `Message ${name}, or / for commands`;
    },
    begin: (line) => {
      const read = readLine(line.startsWith("/") ? line : `/${line}`, box.commands);
      if (read) begin(box, read.command, read.rest);
    },
  };
}

function sayTrouble({ trouble }: Box, sentence = ""): void {
  trouble.textContent = sentence;
  trouble.hidden = !sentence;
}

function begin(box: Box, command: Typed, rest: string): CommandForm {
  box.form?.element.remove();
  box.list.close();
  sayTrouble(box);
  box.field.value = "";
  box.plain.hidden = true;
  const form = makeCommandForm(command, {
    upload: (file) => box.does.upload(file),
    submit: () => void submit(box),
    sayTrouble: (sentence) => sayTrouble(box, sentence),
    cancel: () => leave(box),
  });
  box.form = form;
  if (rest) form.fill(rest);
  box.element.append(form.element);
  form.focus();
  return form;
}

function leave(box: Box): void {
  box.form?.element.remove();
  box.form = undefined;
  box.plain.hidden = false;
  sayTrouble(box);
  box.field.focus();
}

async function submit(box: Box): Promise<void> {
  const { form, does } = box;
  if (!form) return;
  const lacking = form.lacks();
  if (lacking) {
    sayTrouble(box, `${lacking.option.name}: this option is required.`);
    return lacking.focus();
  }
  if (await tried(box, () => does.command(form.command.name, form.options()))) leave(box);
}

async function write(box: Box): Promise<void> {
  const { field, does } = box;
  const text = field.value.trim();
  if (text && (await tried(box, () => does.say(text)))) field.value = "";
}

/** One thing at a time; what it complains of is said above the box. */
async function tried(box: Box, doing: () => Promise<void>): Promise<boolean> {
  if (box.element.hasAttribute("aria-busy")) return false;
  box.element.setAttribute("aria-busy", "true");
  try {
    await doing();
    sayTrouble(box);
    return true;
  } catch (error) {
    sayTrouble(box, error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    box.element.removeAttribute("aria-busy");
  }
}

/** A file that is dropped or pasted goes into the command at hand, or begins the one that takes files. */
function takeFiles(box: Box): void {
  const take = (event: Event, files: FileList | undefined) => {
    const [file] = files ?? [];
    if (!file) return;
    event.preventDefault();
    const taker = box.commands.find(({ options }) => options.some(({ type }) => type === 11));
    const form = box.form ?? (taker && begin(box, taker, ""));
    if (!form?.attach(file)) sayTrouble(box, "This command takes no file.");
  };
  box.element.addEventListener("paste", (event) => take(event, event.clipboardData?.files));
  box.element.addEventListener("drop", (event) => take(event, event.dataTransfer?.files));
  box.element.addEventListener("dragover", (event) => event.preventDefault());
}

function listenTo(box: Box): void {
  const { field, list } = box;
  field.addEventListener("input", () => {
    const read = field.value.includes(" ") ? readLine(field.value, box.commands) : undefined;
    if (read) begin(box, read.command, read.rest);
    else list.show(field.value, box.commands);
  });
  field.addEventListener("blur", () => list.close());
  field.addEventListener("keydown", (event) => {
    const { key, shiftKey, isComposing } = event;
    if (isComposing) return;
    const picked = list.isOpen() ? list.picked() : undefined;
    if (list.isOpen() && (key === "ArrowDown" || key === "ArrowUp")) list.move(key === "ArrowDown" ? 1 : -1);
    else if (list.isOpen() && key === "Escape") list.close();
    else if (picked && (key === "Enter" || key === "Tab")) begin(box, picked, "");
    else if (key === "Enter" && !shiftKey) void write(box);
    else return;
    event.preventDefault();
  });
}
