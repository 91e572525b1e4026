/** The commands that come up while somebody types a slash. */
import type { DiscordCommand, DiscordCommandOption } from "../page-protocol.ts";
import { make } from "./dom.ts";

/** A command as it is typed: of one that has subcommands, each of them. */
export type Typed = { name: string; description: string; options: DiscordCommandOption[] };

const SUBCOMMANDS = [1, 2];

export function typedCommands(commands: readonly DiscordCommand[]): Typed[] {
  return commands
    .filter(({ type }) => type === 1)
    .flatMap(({ name, description, options = [] }) => unfold({ name, description, options }));
}

function unfold({ name, description, options }: Typed): Typed[] {
  const inner = options.filter(({ type }) => SUBCOMMANDS.includes(type));
  if (!inner.length) return [{ name, description, options }];
  return inner.flatMap((one) =>
    unfold({ name: `${name} ${one.name}`, description: one.description, options: one.options ?? [] }),
  );
}

/** What a line means: the command that it names whole, and what stands behind it. */
export function readLine(line: string, commands: readonly Typed[]): { command: Typed; rest: string } | undefined {
  const found = commands
    .filter(({ name }) => line.startsWith(`/${name} `) || line === `/${name}`)
    .sort((a, b) => b.name.length - a.name.length)[0];
  return found && { command: found, rest: line.slice(found.name.length + 1).trim() };
}

export type CommandList = {
  element: HTMLElement;
  /** Shows what begins with the line, or nothing. */
  show(line: string, commands: readonly Typed[]): void;
  isOpen(): boolean;
  move(steps: number): void;
  picked(): Typed | undefined;
  close(): void;
};

/** A listbox that the field beside it keeps: focus stays in the field. */
export function makeCommandList(field: HTMLElement, onPick: (command: Typed) => void): CommandList {
  const element = make("ul", {
    class: "commands",
    role: "listbox",
    id: "commands",
    "aria-label": "Commands",
    hidden: true,
  });
  let offered: Typed[] = [];
  let at = 0;
  const mark = () => {
    for (const [index, option] of [...element.children].entries()) {
      option.setAttribute("aria-selected", String(index === at));
      if (index === at) option.scrollIntoView({ block: "nearest" });
    }
    if (element.hidden) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `command-${at}`);
    field.setAttribute("aria-expanded", String(!element.hidden));
  };
  const close = () => {
    element.hidden = true;
    mark();
  };
  return {
    element,
    close,
    isOpen: () => !element.hidden,
    picked: () => offered[at],
    move: (steps) => {
      at = (at + steps + offered.length) % Math.max(1, offered.length);
      mark();
    },
    show: (line, commands) => {
      const begun = line.slice(1).toLowerCase();
      offered = /^\/[\w -]*$/.test(line) ? commands.filter(({ name }) => name.startsWith(begun)) : [];
      at = 0;
      element.replaceChildren(
        ...offered.map((command, index) => {
          const option = make(
            "li",
            { role: "option", id: `command-${index}` },
            make("span", { class: "command-name" }, `/${command.name}`),
            make("span", { class: "command-description" }, command.description),
            make("span", { class: "command-app", "aria-hidden": "true" }, "Easel"),
          );
          // Not a click, which would take the focus away first.
          option.addEventListener("pointerdown", (event) => {
            event.preventDefault();
            onPick(command);
          });
          return option;
        }),
      );
      element.hidden = !offered.length;
      mark();
    },
  };
}
