import type { Fault } from "../request/check.ts";
import type { PlacedFault } from "../jobs/job.ts";
import { MODELS, MOST_PICTURES, SHAPES } from "../models.ts";
import type { ModelName } from "../models.ts";
import { editorsOf } from "../request/check.ts";
import { failed, faults, foreign, sizes, styles, together } from "./sentences.ts";
import type { Said } from "./said.ts";
import { shorten } from "./shorten.ts";
import { sizesOf, times } from "./sizes.ts";
import type { SizeFault } from "../request/nearest-size.ts";
import type { SourceFault } from "../pixels/read-source-picture.ts";

/** What Easel says to a request that it cannot take as it is: what was wrong, what is allowed, what comes closest. */
export function sentenceOfFault(fault: Fault): Said {
  switch (fault.fault) {
    case "prompt empty":
      return faults.promptEmpty;
    case "prompt too long":
      return faults.promptTooLong({ length: fault.length, limit: fault.limit, model: label(fault.model) });
    case "value missing":
      return faults.valueMissing({ option: fault.option });
    case "option unknown":
      return together([
        faults.optionUnknown({ name: own(fault.name) }),
        meant(fault.meant && likeTyped(fault.name, fault.meant)),
        faults.optionsKnown({ options: fault.known }),
      ]);
    case "option foreign":
      return sentenceOfForeign(fault);
    case "model unknown":
      return together([
        faults.modelUnknown({ name: own(fault.value) }),
        meant(fault.meant),
        faults.modelsKnown({ models: fault.allowed }),
      ]);
    case "size unreadable": {
      const shapes = [...SHAPES, ...(MODELS[fault.model].autoSize ? ["auto"] : [])];
      return together([
        faults.sizeUnreadable({ size: own(fault.value) }),
        meant(fault.meant),
        faults.sizesReadable({ shapes, sizes: sizesOf(fault.model) }),
      ]);
    }
    case "size refused":
      return sentenceOfRefusedSize(fault);
    case "value refused":
      return sentenceOfRefusedValue(fault);
    case "style unknown":
      return together([
        styles.unknown({ name: own(fault.value) }),
        meant(fault.meant),
        fault.allowed.length ? styles.modelsOwn({ values: fault.allowed }) : undefined,
        styles.seeList,
      ]);
    case "count refused":
      return together([
        faults.countRefused({ count: own(fault.value), most: MOST_PICTURES }),
        fault.nearest && faults.nearest({ value: fault.nearest }),
      ]);
    case "no editing":
      return faults.noEditing({ model: label(fault.model) });
    case "source missing":
      return faults.sourceMissing;
    case "source too large":
    case "source not a picture":
    case "source damaged":
    case "source kind refused":
    case "source animated":
    case "source too small":
    case "source too wide":
    case "source unreachable":
    case "source deleted":
    case "source host refused":
    case "too many sources":
    case "sources too large":
    case "mask size":
    case "mask not png":
    case "mask without alpha":
    case "mask empty":
      return sentenceOfSourceFault(fault);
  }
}

/** The same, and of which of several pictures. */
export function sentenceOfPlacedFault(fault: PlacedFault): Said {
  const said = sentenceOfSourceFault(fault);
  return fault.picture === undefined ? said : faults.ofPicture({ number: fault.picture, fault: said });
}

function sentenceOfSourceFault(fault: SourceFault): Said {
  switch (fault.fault) {
    case "source too large":
      return faults.sourceTooLarge({ size: sizeAbove(fault.bytes, fault.limit), limit: megabytes(fault.limit) });
    case "source not a picture":
      return faults.sourceNotPicture;
    case "source damaged":
      return faults.sourceDamaged;
    case "source kind refused":
      return faults.sourceKindRefused({ kind: fault.kind });
    case "source animated":
      return faults.sourceAnimated;
    case "source too small":
      return faults.sourceTooSmall({ width: fault.width, height: fault.height, least: fault.least });
    case "source too wide":
      return faults.sourceTooWide({ width: fault.width, height: fault.height, most: fault.most });
    case "source unreachable":
      return faults.sourceUnreachable;
    case "source deleted":
      return failed.deletedPicture;
    case "source host refused":
      return faults.sourceHostRefused;
    case "too many sources":
      return faults.tooManySources({ count: fault.count, limit: fault.limit });
    case "sources too large":
      return faults.sourcesTooLarge({ limit: megabytes(fault.limit) });
    case "mask size":
      return faults.maskSize({ mask: pixelsOf(fault), picture: pixelsOf(fault.expected) });
    case "mask not png":
      return faults.maskNotPng;
    case "mask without alpha":
      return faults.maskWithoutAlpha;
    case "mask empty":
      return faults.maskEmpty;
  }
}

/** What it was to do, and how the same is said here. */
function sentenceOfForeign({ typed, kind, value, ...fault }: Extract<Fault, { fault: "option foreign" }>): Said {
  const { qualities, styles } = MODELS[fault.model];
  const option = shorten(typed, 61);
  switch (kind) {
    case "version":
      return fault.models.length > 1
        ? foreign.version({ option, models: fault.models })
        : foreign.onlyVersion({ option, model: label(fault.model) });
    case "without":
      return foreign.without({ option, value: value && own(value) });
    case "strength":
      return foreign.strength({ option });
    case "look":
      return styles.length ? foreign.style({ option, styles }) : foreign.look({ option });
    case "quality":
      return foreign.quality({ option, qualities });
    case "seed":
      return foreign.seed({ option });
    case "reference":
      return editorsOf({ models: fault.models.map((name) => ({ name })) }).length
        ? foreign.reference({ option })
        : foreign.noReference({ option });
    case "pattern":
      return foreign.pattern({ option });
    case "speed":
      return foreign.speed({ option });
    case "edges":
      return foreign.edges({ option });
    case "other":
      return foreign.other({ option });
  }
}

/** Of DALL·E 2, which some people remember. */
const OLD_SIZES = ["256x256", "512x512"];

function sentenceOfRefusedSize({ value, breaks, nearest, model }: Extract<Fault, { fault: "size refused" }>): Said {
  const size = times(value);
  return together([
    OLD_SIZES.includes(value) ? faults.sizeOfDallE2({ size }) : faults.sizeRefused({ size }),
    ruleOfSize(breaks, model),
    faults.nearest({ value: times(nearest) }),
  ]);
}

function ruleOfSize(breaks: SizeFault, name: ModelName): Said {
  const model = label(name);
  const { sizeRule } = MODELS[name];
  if (!sizeRule) return faults.drawsSizes({ model, sizes: sizesOf(name) });
  switch (breaks) {
    case "list":
      return faults.drawsSizes({ model, sizes: sizesOf(name) });
    case "multiple":
      return faults.drawsMultiples({ model, of: sizeRule.multipleOf });
    case "edge":
      return faults.drawsEdges({ model, longest: sizeRule.longestEdge });
    case "ratio":
      return faults.drawsRatios({ model, greatest: sizeRule.greatestRatio });
    case "fewer":
      return faults.drawsMorePixels({ model, fewest: sizeRule.fewestPixels });
    case "more":
      return faults.drawsFewerPixels({ model, most: sizeRule.mostPixels });
  }
}

function sentenceOfRefusedValue(fault: Extract<Fault, { fault: "value refused" }>): Said {
  const { option, allowed, nearest, knownBy } = fault;
  const model = label(fault.model);
  const value = own(fault.value);
  const others = knownBy.length ? faults.takenBy({ models: knownBy.map(label) }) : undefined;
  if (!allowed.length) return together([faults.optionMissing({ model, option, value }), others]);
  return together([
    faults.valueRefused({ model, option, value }),
    faults.valuesTaken({ option, values: allowed }),
    nearest ? faults.nearest({ value: nearest }) : meant(fault.meant),
    others,
  ]);
}

function meant(name: string | undefined): Said | undefined {
  return name ? faults.meant({ name }) : undefined;
}

const label = (model: ModelName) => MODELS[model].label;
const pixelsOf = ({ width, height }: { width: number; height: number }) => `${width}×${height}`;

function megabytes(bytes: number): Said {
  return sizes.megabytes({ megabytes: bytes / 1_000_000, digits: bytes < 10_000_000 ? 1 : 0 });
}

/** As exactly as it takes to see that it is above the limit; what was not read to its end has that much or more. */
function sizeAbove(bytes: number, limit: number): Said {
  const { with: rounded } = megabytes(bytes);
  if (bytes <= limit) return { say: "sizes.megabytesOrMore", with: rounded };
  const digits = [1, 2, 3, 4, 5].find((each) => Number((bytes / 1_000_000).toFixed(each)) > limit / 1_000_000) ?? 6;
  return sizes.megabytes({ megabytes: bytes / 1_000_000, digits });
}

/** With the dashes that stood before the other. */
const likeTyped = (typed: string, name: string) => `${/^[-—–]{0,3}/.exec(typed)?.[0] ?? ""}${name}`;

/** A person's own value inside a sentence of ours. */
function own(value: string): string {
  return shorten(value, 41);
}
