import { editorsOf } from "../request/check.ts";
import { MODELS, MOST_PICTURES } from "../models.ts";
import type { ModelName, Provider } from "../models.ts";
import { isRetired } from "../retirement.ts";
import type { Settings } from "../settings.ts";
import type { Said } from "../words/said.ts";
import { commandTexts, help, notUnderstood, styles, together, welcome } from "../words/sentences.ts";
import { sizesOf } from "../words/sizes.ts";
import type { ChatReply } from "./reply.ts";

const empty = { paragraphs: [], quotes: [], pictures: [], facts: [], actions: [], forAskerOnly: false };

/**
 * `command` is how a person begins here: `/imagine`, `imagine`, `@Easel imagine`. Where options are typed and not picked,
 * the help shows how.
 */
export function helpReply(command: string, settings: Settings, optionsAreTyped = false): ChatReply {
  const { models, images } = settings;
  const beginWith = (name: string) => command.replace(/imagine$/, name);
  return {
    ...empty,
    role: "word",
    mood: "help",
    title: help.title,
    paragraphs: [
      help.intro,
      help.example({ command }),
      ...(optionsAreTyped ? [typedOptions(command, models[0].name), help.form({ command }), help.plain] : []),
      ...models.map(({ name }) => helpOfModel(name, images.provider)),
      ...(models.length > 1 ? [help.usualModel({ model: MODELS[models[0].name].label })] : []),
      help.count({ most: MOST_PICTURES }),
      help.goOn,
      ...(editorsOf(settings).length ? [help.editing({ command: beginWith("edit") })] : []),
      help.brainstorm({ command: beginWith("brainstorm") }),
      styles.help({ command: beginWith("style") }),
      help.browsing({ history: beginWith("history"), family: beginWith("family"), wall: beginWith("wall") }),
      help.purse({ usage: beginWith("usage"), easel: beginWith("easel") }),
      ...(optionsAreTyped ? typedWays(beginWith, settings) : [help.inMenus({ names: namesInMenus(settings) })]),
      help.privacy({ command: beginWith("privacy") }),
      help.filter,
      help.generated,
      ...operatorLine(settings),
    ],
    forAskerOnly: true,
  };
}

/** What is written beside a picture that is sent along. */
function typedWays(beginWith: (name: string) => string, settings: Settings): Said[] {
  return [
    ...(editorsOf(settings).length ? [help.sketching({ command: beginWith("sketch") })] : []),
    ...(settings.ideas ? [help.describing({ command: beginWith("describe") })] : []),
  ];
}

/** What a message's menu has where there are such menus. */
function namesInMenus(settings: Settings): Said[] {
  const { editMessage, drawMessage, sketchMessage, describeMessage } = commandTexts;
  return [
    editMessage,
    drawMessage,
    ...(editorsOf(settings).length ? [sketchMessage] : []),
    ...(settings.ideas ? [describeMessage] : []),
  ];
}

function typedOptions(command: string, model: ModelName): Said {
  const { qualities, bestQuality } = MODELS[model];
  const quality = qualities.find((each) => ["hd", "high"].includes(each)) ?? bestQuality;
  return together([help.typedOptions({ command, quality }), help.typedNames]);
}

function helpOfModel(name: ModelName, provider: Provider): Said {
  const { label, promptLimit, qualities, styles, backgrounds, streams, editPictures, revisesPrompt } = MODELS[name];
  const options = Object.entries({ quality: qualities, style: styles, background: backgrounds });
  const values = options
    .filter(([, taken]) => taken.length)
    .map(([option, taken]) => help.values({ option, values: taken }));
  return help.ofModel({
    model: label,
    traits: [
      help.characters({ most: promptLimit[provider] }),
      sizesOf(name),
      ...values,
      ...(revisesPrompt ? [help.saysItsWords] : []),
      ...(streams ? [help.appears] : []),
      ...(editPictures ? [help.edits] : []),
      ...(isRetired(name, provider) ? [help.retired] : []),
    ],
  });
}

/** Who runs this installation, as far as they say so. */
function operatorLine({ operator: { name, contact } }: Settings): Said[] {
  if (!name && !contact) return [];
  return [together([name ? help.runBy({ name }) : undefined, contact ? help.writeTo({ contact }) : undefined])];
}

export function welcomeReply(command: string): ChatReply {
  return {
    ...empty,
    role: "word",
    mood: "help",
    title: welcome.title,
    paragraphs: [
      welcome.intro,
      help.example({ command }),
      help.goOn,
      help.brainstorm({ command: command.replace(/imagine$/, "brainstorm") }),
      help.filter,
      help.generated,
      welcome.more({ command: command.replace(/imagine$/, "help") }),
    ],
  };
}

export function notUnderstoodReply(command: string): ChatReply {
  return {
    ...empty,
    role: "word",
    mood: "help",
    title: notUnderstood.title,
    paragraphs: [notUnderstood.intro({ command }), help.example({ command })],
  };
}
