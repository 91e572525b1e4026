/** Which provider's copy of a model is asked: their limits and their end dates differ. */
export type Provider = "azure" | "openai";

export const MODEL_NAMES = [
  "dall-e-3",
  "gpt-image-1",
  "gpt-image-1-mini",
  "gpt-image-1.5",
  "gpt-image-2",
  "gpt-image-2.5-flare",
  "gpt-image-2.5-sunburst",
] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

/** Width and height in pixels, as the Images API writes them: `1024x1536`. */
export type Size = `${number}x${number}`;
export const SHAPES = ["square", "wide", "tall"] as const;
export type Shape = (typeof SHAPES)[number];

/** Free sizes of gpt-image-2 and later. Rule: Microsoft's how-to `dall-e.md`, section Size; OpenAI's image guide says the same. */
export type SizeRule = {
  multipleOf: number;
  longestEdge: number;
  /** Long edge to short edge. */
  greatestRatio: number;
  fewestPixels: number;
  mostPixels: number;
};

export type Model = {
  label: string;
  /** Characters, counted as UTF-16 units, which are never fewer than code points: which of the two counts is not documented. */
  promptLimit: Record<Provider, number>;
  /** What a person gets who names a shape; for a model without `sizeRule` the only sizes there are. */
  sizes: Record<Shape, Size>;
  /** More sizes worth offering by name. */
  largerSizes: readonly Size[];
  sizeRule?: SizeRule;
  /** Whether `size: "auto"` is understood. */
  autoSize: boolean;
  qualities: readonly string[];
  /** Always sent: the providers' own defaults differ, and so do their prices. */
  defaultQuality: string;
  /** What "finish in high quality" asks for. */
  bestQuality: string;
  styles: readonly string[];
  backgrounds: readonly string[];
  /** Most pictures in one call (`n`). Easel itself asks for one at a time, see `MOST_PICTURES`. */
  picturesPerCall: number;
  /** `url or base64`: by `response_format`, which every other model refuses as unknown. */
  answersWith: "url or base64" | "base64";
  /** Whether the model rewrites the words and says so in `revised_prompt`. */
  revisesPrompt: boolean;
  streams: boolean;
  /** Most pictures that `images.edit` takes; absent where the model draws from words alone. */
  editPictures?: number;
  /** First day on which the provider no longer serves the model. */
  ends: Partial<Record<Provider, string>>;
  replacement: ModelName;
};

/** Pictures that one request may ask for. Our own rule: a message shows four well, and each is a call of its own. */
export const MOST_PICTURES = 4;

/** More than that no model draws, and its longer edge is no longer. */
export const MOST_DRAWN_PIXELS = 8_294_400;
export const LONGEST_DRAWN_EDGE = 3840;

const gptImageSizes = { square: "1024x1024", wide: "1536x1024", tall: "1024x1536" } as const;
const freeSizes: SizeRule = {
  multipleOf: 16,
  longestEdge: LONGEST_DRAWN_EDGE,
  greatestRatio: 3,
  fewestPixels: 655_360,
  mostPixels: MOST_DRAWN_PIXELS,
};

/** What gpt-image models have in common; the rows below say where one differs. */
const gptImage = {
  sizes: gptImageSizes,
  largerSizes: [],
  autoSize: true,
  qualities: ["low", "medium", "high", "auto"],
  defaultQuality: "medium",
  bestQuality: "high",
  styles: [],
  picturesPerCall: 10,
  answersWith: "base64",
  revisesPrompt: false,
  streams: true,
  editPictures: 16,
} as const;

const newerGptImage = {
  ...gptImage,
  promptLimit: { azure: 32_000, openai: 32_000 },
  largerSizes: ["2048x2048", "2048x1152", "1152x2048", "3840x2160", "2160x3840"],
  sizeRule: freeSizes,
} as const;

/**
 * What each model accepts and when it ends, as the providers document it on 2026-11-24: Azure's how-to, quota and
 * retirement pages; OpenAI's model pages, deprecations and API reference. Azure's pages give gpt-image-1 to 1.5 both
 * 4,000 and 32,000 characters: the lower one is kept.
 */
export const MODELS: Record<ModelName, Model> = {
  "dall-e-3": {
    label: "DALL·E 3",
    promptLimit: { azure: 4000, openai: 4000 },
    sizes: { square: "1024x1024", wide: "1792x1024", tall: "1024x1792" },
    largerSizes: [],
    autoSize: false,
    qualities: ["standard", "hd"],
    defaultQuality: "standard",
    bestQuality: "hd",
    styles: ["vivid", "natural"],
    backgrounds: [],
    picturesPerCall: 1,
    answersWith: "url or base64",
    revisesPrompt: true,
    streams: false,
    ends: { azure: "2026-03-04", openai: "2026-05-12" },
    replacement: "gpt-image-2",
  },
  "gpt-image-1": {
    ...gptImage,
    label: "GPT Image 1",
    promptLimit: { azure: 4000, openai: 32_000 },
    backgrounds: ["transparent", "opaque", "auto"],
    ends: { azure: "2026-10-23", openai: "2026-10-23" },
    replacement: "gpt-image-2",
  },
  "gpt-image-1-mini": {
    ...gptImage,
    label: "GPT Image 1 mini",
    promptLimit: { azure: 4000, openai: 32_000 },
    backgrounds: ["transparent", "opaque", "auto"],
    ends: { azure: "2027-04-07", openai: "2026-12-01" },
    replacement: "gpt-image-2",
  },
  "gpt-image-1.5": {
    ...gptImage,
    label: "GPT Image 1.5",
    promptLimit: { azure: 4000, openai: 32_000 },
    backgrounds: ["transparent", "opaque", "auto"],
    ends: { azure: "2026-12-16", openai: "2026-12-01" },
    replacement: "gpt-image-2",
  },
  "gpt-image-2": {
    ...newerGptImage,
    label: "GPT Image 2",
    // `transparent` is documented as a preview and was refused by live services until September 2026.
    backgrounds: ["opaque", "auto"],
    ends: { azure: "2027-04-21" },
    replacement: "gpt-image-2.5-flare",
  },
  "gpt-image-2.5-flare": {
    ...newerGptImage,
    label: "GPT Image 2.5 Flare",
    qualities: ["low", "medium", "high", "xhigh", "max", "auto"],
    bestQuality: "max",
    backgrounds: ["opaque", "transparent", "auto"],
    ends: {},
    replacement: "gpt-image-2.5-sunburst",
  },
  "gpt-image-2.5-sunburst": {
    ...newerGptImage,
    label: "GPT Image 2.5 Sunburst",
    qualities: ["low", "medium", "high", "xhigh", "max", "auto"],
    bestQuality: "max",
    backgrounds: ["opaque", "transparent", "auto"],
    ends: {},
    replacement: "gpt-image-2.5-flare",
  },
};

/** The options whose values are words of the model's own. */
export type ChoiceOption = "quality" | "style" | "background";

/** The words that a model takes for an option; none where it does not know the option. */
export const wordsFor: Record<ChoiceOption, (model: Model) => readonly string[]> = {
  quality: (model) => model.qualities,
  style: (model) => model.styles,
  background: (model) => model.backgrounds,
};

export function isModelName(name: string): name is ModelName {
  return Object.hasOwn(MODELS, name);
}

/** The sizes a model offers by name, in the order in which a person should see them. */
export function namedSizes(model: Model): Size[] {
  return [...SHAPES.map((shape) => model.sizes[shape]), ...model.largerSizes];
}

export function pixels(size: string): { width: number; height: number } | undefined {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(size);
  return match ? { width: Number(match[1]), height: Number(match[2]) } : undefined;
}
