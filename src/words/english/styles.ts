/** Saved styles: a look with a name. */

const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);

type Versioned = { name: string; version: number };

export const styles = {
  named: ({ name, version }: Versioned) => `${name}, v${version}`,
  inStyle: ({ name, version }: Versioned) => `In the style ${name}, v${version}`,
  withOrigin: ({ inStyle, origin }: { inStyle: string; origin: string }) => `${inStyle} · ${origin}`,
  cut: "Beside your words there was no room for all of the style.",
  picturesGone: ({ count }: { count: number }) =>
    count === 1
      ? "One picture of the style was deleted, so it was left out."
      : `${count} pictures of the style were deleted, so they were left out.`,
  unknown: ({ name }: { name: string }) => `There is no style “${name}” here.`,
  modelsOwn: ({ values }: { values: readonly string[] }) => `The model’s own are ${and(values)}.`,
  seeList: "“style list” shows those that are saved; “none” draws without any.",
};
