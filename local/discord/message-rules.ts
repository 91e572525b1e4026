import { presetOf, rangeOf } from "./choice.ts";
import { mediaOf, walk, type Placed } from "./components.ts";
import type { Component, Embed } from "./records.ts";
import type { Problem } from "./refusals.ts";
import { buttonStyle, componentKind, messageFlag, selectKinds } from "./wire.ts";

/** What a message would hold after the call. `files` are the names that `attachment://` may say. */
export type Draft = {
  content: string;
  embeds: readonly Embed[];
  components: readonly Component[];
  files: readonly string[];
  flags: number;
};

/** The rules that Discord's description does not tell. Paths begin where the message begins in the request. */
export function checkMessage(draft: Draft): Problem[] {
  const componentsV2 = (draft.flags & messageFlag.componentsV2) !== 0;
  const placed = walk(draft.components);
  return [
    ...checkContent(draft.content),
    ...checkEmbeds(draft.embeds, draft.files),
    ...(componentsV2 ? checkComponentsV2(draft, placed) : checkClassic(draft.components)),
    ...placed.flatMap(checkComponent),
    ...placed.flatMap((one) => checkMedia(one, draft.files)),
    ...checkUnique(placed),
  ];
}

export function lengthOf(text: string | null | undefined): number {
  return text ? Array.from(text).length : 0;
}

function checkContent(content: string): Problem[] {
  if (lengthOf(content) <= 2000) return [];
  return [{ path: ["content"], code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }];
}

function checkEmbeds(embeds: readonly Embed[], files: readonly string[]): Problem[] {
  const size = embeds
    .flatMap(({ title, description, footer, author, fields }) => [
      title,
      description,
      footer?.text,
      author?.name,
      ...(fields ?? []).flatMap(({ name, value }) => [name, value]),
    ])
    .reduce((sum, text) => sum + lengthOf(text), 0);
  const tooMuch: Problem[] =
    size > 6000 ? [{ path: ["embeds"], code: "MAX_EMBED_SIZE_EXCEEDED", message: "Embed size exceeds 6000" }] : [];
  const pictures = embeds.flatMap((embed, index) =>
    (["image", "thumbnail"] as const).flatMap((name) => {
      const url = embed[name]?.url;
      return url ? checkAddress(url, files, ["embeds", index, name, "url"]) : [];
    }),
  );
  return [...tooMuch, ...pictures];
}

function checkClassic(components: readonly Component[]): Problem[] {
  const problems: Problem[] = [];
  if (components.length > 5) {
    problems.push({ path: ["components"], code: "BASE_TYPE_MAX_LENGTH", message: "Must be 5 or fewer in length." });
  }
  for (const [index, { type }] of components.entries()) {
    if (type === componentKind.row) continue;
    const message = "Only action rows, unless the message has the flag IS_COMPONENTS_V2.";
    problems.push({ path: ["components", index, "type"], code: "UNION_TYPE_CHOICES", message });
  }
  return problems;
}

function checkComponentsV2({ content, embeds }: Draft, placed: readonly Placed[]): Problem[] {
  const problems: Problem[] = [];
  const code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
  const message = "The field cannot be used with IS_COMPONENTS_V2.";
  if (content !== "") problems.push({ path: ["content"], code, message });
  if (embeds.length > 0) problems.push({ path: ["embeds"], code, message });
  if (placed.length > 40) {
    problems.push({ path: ["components"], code: "COMPONENT_MAX_TOTAL", message: "At most 40 components in total." });
  }
  const text = placed.reduce((sum, { component }) => sum + (isText(component) ? lengthOf(component.content) : 0), 0);
  if (text > 4000) {
    const tooLong = "The text of all components exceeds 4000.";
    problems.push({ path: ["components"], code: "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message: tooLong });
  }
  return problems;
}

function isText({ type }: Component): boolean {
  return type === componentKind.textDisplay;
}

/** What holds for a component wherever it stands, in a message or in a modal. */
export function checkComponent({ component, path }: Placed): Problem[] {
  if (component.type === componentKind.button) return checkButton(component, path);
  if (component.type === componentKind.row) return checkRow(component, path);
  if (selectKinds.includes(component.type) || component.type === componentKind.checkboxGroup) {
    return checkSelect(component, path);
  }
  if (isText(component) && component.content?.trim() === "") {
    return [{ path: [...path, "content"], code: "BASE_TYPE_REQUIRED", message: "This field is required" }];
  }
  return [];
}

function checkRow({ components = [] }: Component, path: Problem["path"]): Problem[] {
  const selects = components.filter(({ type }) => selectKinds.includes(type)).length;
  if (selects === 0 || components.length === 1) return [];
  return [{ path, code: "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message: "A select fills its row." }];
}

/** In a modal a field is required unless it says otherwise; elsewhere only one that says so. */
function checkSelect(component: Component, path: Problem["path"]): Problem[] {
  const { type, options = [], required, min_values } = component;
  const { least, most } = rangeOf(component);
  const problems: Problem[] = [];
  if (options.length < most && (type === componentKind.stringSelect || type === componentKind.checkboxGroup)) {
    const message = `Must be ${most} or more in length.`;
    problems.push({ path: [...path, "options"], code: "BASE_TYPE_BAD_LENGTH", message });
  }
  if (min_values === 0 && (required ?? path.at(-1) === "component")) problems.push(zeroOfRequired(path));
  if (new Set(options.map(({ value }) => value)).size < options.length) {
    problems.push({
      path: [...path, "options"],
      code: "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
      message: "The specified option value is already used",
    });
  }
  if (least > most) {
    problems.push({ path: [...path, "min_values"], code: "BASE_TYPE_MAX", message: "Must not exceed max_values." });
  }
  if (presetOf(component).length > most) {
    problems.push({
      path: [...path, "options"],
      code: "SELECT_COMPONENT_TOO_MANY_DEFAULTS",
      message: "Too many defaults",
    });
  }
  return problems;
}

export function zeroOfRequired(path: Problem["path"]): Problem {
  const message = "Select menus marked as required cannot have a min_values of 0";
  return { path: [...path, "min_values"], code: "SELECT_COMPONENT_REQUIRED_ZERO_MIN_VALUES", message };
}

function checkButton({ style, custom_id, url, sku_id, label, emoji }: Component, path: Problem["path"]): Problem[] {
  const problems: Problem[] = [];
  const refuse = (field: string, code: string, message: string): void => {
    problems.push({ path: [...path, field], code, message });
  };
  const link = style === buttonStyle.link;
  const premium = style === buttonStyle.premium;
  if (link && !url) refuse("url", "BUTTON_COMPONENT_URL_REQUIRED", "A url is required");
  if (link && url && !/^(https?|discord):\/\//.test(url)) {
    refuse("url", "URL_TYPE_INVALID_SCHEME", `Scheme "${url.split(":")[0]}" is not supported.`);
  }
  if (!link && url) refuse("url", "BUTTON_COMPONENT_INVALID_URL", "A url may not be specified");
  if (!link && !premium && !custom_id)
    refuse("custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id required");
  if ((link || premium) && custom_id) {
    refuse("custom_id", "BUTTON_COMPONENT_INVALID_CUSTOM_ID", "A custom id may not be specified");
  }
  if (premium !== Boolean(sku_id))
    refuse("sku_id", "BUTTON_COMPONENT_SKU_ID", "A sku belongs to premium buttons, and only there");
  if (!premium && !label && !emoji) {
    refuse("label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or emoji is required");
  }
  return problems;
}

function checkMedia(placed: Placed, files: readonly string[]): Problem[] {
  return mediaOf(placed).flatMap(({ url, path }) => {
    if (placed.component.type === componentKind.file && !url.startsWith("attachment://")) {
      return [{ path, code: "URL_TYPE_INVALID_SCHEME", message: "A file component shows an attachment." }];
    }
    return checkAddress(url, files, path);
  });
}

function checkAddress(url: string, files: readonly string[], path: Problem["path"]): Problem[] {
  if (/^https?:\/\//.test(url)) return [];
  if (!url.startsWith("attachment://")) {
    return [{ path, code: "URL_TYPE_INVALID_SCHEME", message: `Scheme "${url.split(":")[0]}" is not supported.` }];
  }
  const name = url.slice("attachment://".length);
  if (files.includes(name)) return [];
  const message = `The referenced attachment "${name}" was not found: there ${files.length === 0 ? "is none" : `are ${files.join(", ")}`}.`;
  return [{ path, code: "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", message }];
}

/** No `custom_id` and no `id` twice. */
export function checkUnique(placed: readonly Placed[]): Problem[] {
  return (["custom_id", "id"] as const).flatMap((field) => {
    const seen = new Set<unknown>();
    return placed.flatMap(({ component, path }) => {
      const value = component[field];
      if (!value) return [];
      const twice = seen.has(value);
      seen.add(value);
      const message = `Component ${field} cannot be duplicated`;
      return twice ? [{ path: [...path, field], code: `COMPONENT_${field.toUpperCase()}_DUPLICATED`, message }] : [];
    });
  });
}
