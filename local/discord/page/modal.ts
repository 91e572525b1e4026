import type { DiscordComponent, DiscordModal, SendModal } from "../page-protocol.ts";
import { chosenIn, dots, selectOf, textIn, type Choice } from "./components.ts";
import { icon, make, wayBack } from "./dom.ts";
import { markdown } from "./markdown.ts";
import { upload } from "./server.ts";
import type { Sight } from "./sight.ts";

type Value = SendModal["values"][string];
/** A field of a form: what is seen of it, and what is in it when it is sent. */
type Field = { element: HTMLElement; control?: HTMLElement; read?: () => Promise<Value> | Value };

export type OpenModal = { close: () => void; fail: (sentence: string) => void };

/** What can be picked in a field for people, roles or channels, by the type of its component. */
export type Offers = Readonly<Record<number, readonly Choice[] | undefined>>;

type Opened = {
  names: Sight["names"];
  offers: Offers;
  from: string;
  send: (values: SendModal["values"]) => Promise<void>;
};

/** Opens a form over the page. `send` is told what was written; the form stays until somebody closes it. */
export function openModal(modal: DiscordModal, { names, offers, from, send }: Opened): OpenModal {
  const fields = modal.components.flatMap((component) => labelled(component, { names, offers }));
  const goBack = wayBack(document.activeElement);
  const problem = make("p", { class: "failed", role: "alert" });
  const submit = make(
    "button",
    { class: "button primary", type: "submit" },
    make("span", { class: "label" }, "Submit"),
    dots(),
  );
  const wait = (isWaiting: boolean) => {
    submit.classList.toggle("waiting", isWaiting);
    submit.setAttribute("aria-busy", String(isWaiting));
    submit.disabled = isWaiting;
  };
  const fail = (sentence: string) => {
    problem.textContent = sentence;
    wait(false);
  };
  const sendForm = async () => {
    problem.textContent = "";
    wait(true);
    const values: SendModal["values"] = {};
    for (const { customId, read } of fields) if (customId !== undefined && read) values[customId] = await read();
    await send(values);
  };
  const dialog = make(
    "dialog",
    {
      class: "modal",
      "aria-labelledby": "modal-title",
      close: () => {
        dialog.remove();
        goBack();
      },
    },
    make(
      "form",
      {
        submit: (event: SubmitEvent) => {
          event.preventDefault();
          sendForm().catch((error: Error) => fail(error.message));
        },
      },
      modalHead(modal.title, () => dialog.close()),
      make(
        "p",
        { class: "warning" },
        `This form will be submitted to ${from}. Do not share passwords or other sensitive information.`,
      ),
      make("div", { class: "fields" }, ...fields.map(({ element }) => element)),
      problem,
      make(
        "footer",
        {},
        make("button", { type: "button", class: "button secondary", click: () => dialog.close() }, "Cancel"),
        submit,
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  fields.find(({ control }) => control !== undefined)?.control?.focus();
  return { close: () => dialog.close(), fail };
}

function modalHead(title: string, close: () => void): HTMLElement {
  return make(
    "header",
    {},
    make("h2", { id: "modal-title" }, title),
    make("button", { type: "button", class: "round", "aria-label": "Close", click: close }, icon("close")),
  );
}

type NamedField = Field & { customId?: string };

let lastId = 0;

/** A label with its control, an old row of one text input, or a text between them. */
function labelled(component: DiscordComponent, { names, offers }: Pick<Opened, "names" | "offers">): NamedField[] {
  if (component.type === 10)
    return [{ element: make("div", { class: "text-display" }, markdown(textIn(component["content"]), names)) }];
  const inner = component.component ?? component.components?.[0];
  if (!inner) return [];
  const id = `field-${(lastId += 1)}`;
  const field = control(offered(inner, offers), id);
  const label = textIn(component["label"] ?? inner["label"]);
  const description = component["description"];
  const isRequired = inner["required"] !== false && inner.type !== 23;
  const isGroup = inner.type === 21 || inner.type === 22;
  const words = [label, isRequired && make("span", { class: "required", "aria-hidden": "true" }, " *")];
  const title = isGroup ? make("legend", {}, ...words) : make("label", { for: id }, ...words);
  const hint =
    typeof description === "string" ? make("p", { class: "description", id: `${id}-hint` }, description) : undefined;
  if (hint) field.control?.setAttribute("aria-describedby", hint.id);
  const element = make(isGroup ? "fieldset" : "div", { class: "field" }, title, hint, field.element);
  return [{ ...field, element, customId: inner.custom_id }];
}

/** Of what is there to be picked from, a list like any other. */
function offered(component: DiscordComponent, offers: Offers): DiscordComponent {
  const choices = offers[component.type];
  if (!choices) return component;
  const picked = (component["default_values"] ?? []) as { id: string }[];
  const options = choices.map((choice) => ({ ...choice, default: picked.some(({ id }) => id === choice.value) }));
  return { ...component, type: 3, options };
}

function control(component: DiscordComponent, id: string): Field {
  if (component.type === 3) return choiceField(component, id);
  if (component.type === 19) return fileField(component, id);
  if (component.type === 21 || component.type === 22) return groupField(component, id);
  if (component.type === 23) {
    const box = make("input", { type: "checkbox", id, checked: component["default"] === true });
    return { element: box, control: box, read: () => box.checked };
  }
  return textField(component, id);
}

function textField(component: DiscordComponent, id: string): Field {
  const {
    style,
    value = "",
    placeholder,
    min_length: least,
    max_length: most,
    required,
  } = component as DiscordComponent & {
    style?: number;
    value?: string;
    placeholder?: string;
    min_length?: number;
    max_length?: number;
    required?: boolean;
  };
  const rules = { id, placeholder, minlength: least, maxlength: most, required: required !== false };
  const input =
    style === 2
      ? make("textarea", { ...rules, rows: 5 })
      : make("input", { ...rules, type: "text", autocomplete: "off" });
  input.value = value;
  const count = make("span", { class: "count", "aria-hidden": "true" });
  const tell = () => void (count.textContent = most === undefined ? "" : `${input.value.length}/${most}`);
  input.addEventListener("input", tell);
  tell();
  return { element: make("div", { class: "text-field" }, input, count), control: input, read: () => input.value };
}

function choiceField(component: DiscordComponent, id: string): Field {
  const list = selectOf(component);
  list.id = id;
  list.removeAttribute("aria-label");
  list.required = component["required"] !== false;
  return { element: make("div", { class: "select" }, list), control: list, read: () => chosenIn(list) };
}

function fileField(component: DiscordComponent, id: string): Field {
  const input = make("input", {
    type: "file",
    id,
    multiple: Number(component["max_values"] ?? 1) > 1,
    required: component["required"] !== false,
  });
  const read = async () => {
    const sent = await Promise.all([...(input.files ?? [])].map((file) => upload(file)));
    return { uploads: sent.map((one) => one.upload) };
  };
  return { element: input, control: input, read };
}

/** One of several, or some of them. */
function groupField(component: DiscordComponent, id: string): Field {
  const isOne = component.type === 21;
  const boxes = ((component["options"] ?? []) as Choice[]).map((choice) => {
    const box = make("input", {
      type: isOne ? "radio" : "checkbox",
      name: id,
      value: choice.value,
      checked: choice.default === true,
    });
    const label = make(
      "label",
      { class: "choice" },
      box,
      make("span", {}, choice.label, choice.description !== undefined && make("small", {}, choice.description)),
    );
    return { box, label };
  });
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
  return {
    element: make("div", { class: "choices" }, ...boxes.map(({ label }) => label)),
    control: boxes[0]?.box,
    read: () => (isOne ? (chosen()[0] ?? "") : chosen()),
  };
}
