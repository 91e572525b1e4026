import { presetOf, rangeOf } from "./choice.ts";
import { walk, type Placed } from "./components.ts";
import type { Component, Modal } from "./records.ts";
import { checkFileTypes } from "./file-types.ts";
import { checkComponent, checkUnique, lengthOf, zeroOfRequired } from "./message-rules.ts";
import type { Problem } from "./refusals.ts";
import { componentKind, selectKinds } from "./wire.ts";

/** The rules of a modal that Discord's description does not tell; paths begin at `components`. */
export function checkModal({ components }: Modal): Problem[] {
  const placed = walk(components);
  const many: Problem[] =
    components.length > 5
      ? [{ path: ["components"], code: "BASE_TYPE_BAD_LENGTH", message: "Must be between 1 and 5 in length." }]
      : [];
  return [...many, ...placed.flatMap(checkField), ...placed.flatMap(checkComponent), ...checkUnique(placed)];
}

function checkField({ component, path }: Placed): Problem[] {
  const problems: Problem[] = [];
  const inLabel = path.at(-1) === "component";
  if (component.type === componentKind.textInput) problems.push(...checkTextInput(component, { path, inLabel }));
  if (selectKinds.includes(component.type) && component.disabled) {
    problems.push({ path: [...path, "disabled"], code: "COMPONENT_DISABLED", message: "Not in a modal." });
  }
  if (component.type === componentKind.radioGroup) problems.push(...checkRadioGroup(component, path));
  if (component.type === componentKind.fileUpload) problems.push(...checkFileUpload(component, path));
  return problems;
}

function checkRadioGroup(component: Component, path: Problem["path"]): Problem[] {
  const values = (component.options ?? []).map(({ value }) => value);
  const here = [...path, "options"];
  return [
    ...(new Set(values).size < values.length
      ? [{ path: here, code: "OPTION_VALUE_DUPLICATED", message: "The value is already used" }]
      : []),
    ...(presetOf(component).length > 1 ? [{ path: here, code: "TOO_MANY_DEFAULTS", message: "One, or none" }] : []),
  ];
}

function checkFileUpload(component: Component, path: Problem["path"]): Problem[] {
  const { least, most } = rangeOf(component);
  const problems = checkFileTypes(component.file_types, path);
  if (component.min_values === 0 && component.required !== false) problems.push(zeroOfRequired(path));
  if (least > most) {
    problems.push({ path: [...path, "min_values"], code: "BASE_TYPE_MAX", message: "Must not exceed max_values." });
  }
  return problems;
}

function checkTextInput(
  { label, value, min_length, max_length }: Component,
  { path, inLabel }: { path: Problem["path"]; inLabel: boolean },
): Problem[] {
  const problems: Problem[] = [];
  if (inLabel && label) {
    problems.push({ path: [...path, "label"], code: "TEXT_INPUT_LABEL", message: "Within a Label it has no label." });
  }
  if (!inLabel && !label) {
    problems.push({ path: [...path, "label"], code: "BASE_TYPE_REQUIRED", message: "This field is required" });
  }
  const most = max_length ?? 4000;
  if (lengthOf(value) > most || (value && lengthOf(value) < (min_length ?? 0))) {
    problems.push({
      path: [...path, "value"],
      code: "BASE_TYPE_BAD_LENGTH",
      message: `Must be ${most} or fewer in length.`,
    });
  }
  if ((min_length ?? 0) > most) {
    problems.push({ path: [...path, "min_length"], code: "BASE_TYPE_MAX", message: "Must not exceed max_length." });
  }
  return problems;
}
