import type { FailureReason } from "../images-api/failure.ts";
import { MODELS, MOST_PICTURES, SHAPES } from "../models.ts";
import type { ModelName, Provider } from "../models.ts";
import type { Change, PictureAction } from "../request/request.ts";

/** Every sentence that Easel says to a person, those on what is wrong with a request aside (`fault-sentences.ts`). Warm, short, never blaming; no word of a provider, no code, no id. */

const list = new Intl.ListFormat("en", { type: "disjunction" });
const both = new Intl.ListFormat("en", { type: "conjunction" });
export const wordsOfList = (values: readonly string[]) => list.format(values);
export const conjunction = (values: readonly string[]) => both.format(values);
export const times = (size: string) => size.replace("x", "×");
export const label = (model: ModelName) => MODELS[model].label;

export const sizesOf = (model: ModelName) =>
  both.format(SHAPES.map((shape) => `${times(MODELS[model].sizes[shape])} (${shape})`)) +
  (MODELS[model].sizeRule ? ", and other sizes within its rules" : "");

export const labels = {
  answer: "An answer",
  yourWords: "Your words",
  revisedWords: "What the model drew from",
  openOriginal: "Open original",
  openOriginalOf: (number: number) => `Open original ${number}`,
  revise: "Revise",
  reviseTitle: "Revise your words",
  moreWords: "Your words, continued",
  model: "Model",
  size: "Size",
  quality: "Quality",
  style: "Style",
  background: "Background",
  count: "Pictures",
  reference: "Reference",
  askedBy: "Asked by",
  addedBy: "Added by",
  draw: "Draw",
  leaveToModel: "Standard",
  asUsual: "As usual",
  cancel: "Cancel",
  more: "More",
  showPicture: "Show the picture",
  goOnFrom: "Go on from",
  older: "Older",
  newer: "Newer",
  region: "What may change (nothing picked: all of it)",
  change: "What should change",
  describeChange: "Describe the change",
  paintRegion: "Paint the part that may change",
  editTitle: "Edit this picture",
  pictureNumber: (number: number) => `Picture ${number}`,
  /** On the first of the buttons of one picture among several. */
  numbered: (number: number, action: string) => `${number} · ${action}`,
  moreActions: "More…",
};

/** The buttons under a finished picture. */
export const actionLabels: Record<PictureAction, string> = {
  again: "Again",
  words: "Change words",
  revised: "Use these words",
  like: "More like this",
  edit: "Edit",
  finish: "Finish in high quality",
  family: "Family",
  delete: "Delete",
};

/** How a picture came from the one before it. */
export const changeNames: Record<Change, string> = {
  again: "again",
  words: "other words",
  like: "more like this",
  edit: "edited",
  finish: "in high quality",
};

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(5, Math.round(seconds / 5) * 5)} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}

/** What a size is called where it can be picked. `auto` leaves it to the model. */
export const shapeNames = { square: "Square", wide: "Wide", tall: "Tall", auto: "Chosen by the model" };

export const commandTexts = {
  imagine: "Draw a picture from your words",
  prompt: "What the picture should show",
  size: "Shape or size of the picture",
  quality: "How carefully it is drawn",
  style: "Vivid or natural",
  background: "What stands behind the subject",
  count: "How many pictures to draw",
  model: "Which model draws",
  private: "Show the answer to me alone",
  help: "What Easel can do and how to ask for it",
  edit: "Change a picture of yours by words",
  editPicture: "The picture to change: PNG, JPEG, WebP or GIF",
  anotherPicture: "Another picture to draw from",
  mask: "A PNG of the same size: what is transparent in it may change",
  change: "What should change",
  history: "Your own pictures, newest first",
  family: "Where a picture came from and what came of it",
  familyPicture: "The picture: a link to its message, or its number in your history; the newest unless given",
  editMessage: "Edit picture",
  drawMessage: "Make a picture of this",
};

export const waiting = {
  drawingNext: "It is your turn: I am drawing now.",
  placeInLine: (before: number) =>
    before === 1 ? "One request is before yours." : `About ${before} requests are before yours.`,
  willStandHere: "It will stand here as soon as it is done.",
  outOfReach: "The image service does not answer just now. Your request is safe with me, and I keep trying.",
  storageAway: "I cannot reach my storage just now. I go on as soon as it is back; you need not ask again.",
  lostInHand:
    "Your picture was drawn, but I had to stop before my storage took it, so it is lost. The image service may charge for it all the same. Your request is still with me and will be taken up again.",
  isHereAlready: "That one is done: its answer stands in this chat already.",
  picturesOnTheirWay: (count: number) =>
    count === 1 ? "Your picture is on its way." : `Your ${count} pictures are on their way.`,
  drawing: (seconds: number) => `I am drawing, for ${duration(seconds)} now.`,
  usually: (seconds: number) => `This usually takes about ${duration(seconds)}.`,
  putOff: (seconds: number) =>
    `So much is asked of the image service that it makes us wait. I go on in about ${duration(seconds)}.`,
  readyIn: (seconds: number) => `It should be ready in about ${duration(seconds)}.`,
  inTheMaking: "What you see is still in the making.",
  below: "It stands below.",
  deleting: "I am deleting it.",
};

/** Who has no name: Teams does not always send one. */
const somebody = "Somebody";

export const finished = {
  title: "Here it is",
  titleOf: (count: number) => `Here are your ${count} pictures`,
  someMissing: (missing: number, count: number) => `${missing} of ${count} did not come:`,
  generated: "Made by AI",
  notShown: "I could not show it here, so it is one click away.",
  notShownKept: "It is drawn and kept, but I could not show it here.",
  withoutWords: "A rule of this place holds the words back, so they are left out here.",
  added: "Marked: what the model added.",
  deletedAlready: "It is deleted already.",
  deleted: (by: string) => `${by || somebody} has deleted this picture.`,
  someDeleted: (count: number) => (count === 1 ? "One picture was deleted." : `${count} pictures were deleted.`),
  sentDirectly: "Your answer could no longer be shown where you asked, so I bring it to you.",
};

export const cancelled = {
  title: "Cancelled",
  asked: "I am cancelling it. If it is done before I can stop it, it stands here all the same.",
  done: "It is cancelled.",
  by: (name: string) => `${name || somebody} has cancelled this.`,
  free: "Nothing was drawn, so it costs nothing.",
  notBegun: "What was not begun yet was left undrawn.",
  underWay:
    "The drawing was under way already. I broke it off; the image service may charge for it all the same, and I cannot see whether it did.",
};

export const family = {
  title: "The family of this picture",
  intro: "Above, what it came from; then the picture itself, framed; then what came of it.",
  line: (number: number, change: string | undefined, words: string) =>
    `${number}. ${change ? `${change}: ` : ""}${words}`,
  alone: "This picture has no relatives yet. Go on from it, and they will stand here.",
  brought: "from a picture that was sent along",
  more: "There are more, which are not shown.",
};

export const history = {
  title: "Your pictures",
  empty: "You have no pictures yet. Ask for one, and it will stand here.",
  noMore: "There is nothing older.",
  noNumber: (number: number) => `You have no picture with the number ${number}. Your history shows which there are.`,
  line: (number: number, words: string) => `${number}. ${words}`,
};

export const edit = {
  intro: "Pick the cells that may change, or none of them for the whole picture, and say what should change.",
  grid: "The picture under a grid: columns A to D from left to right, rows 1 to 4 from top to bottom",
  noPictureHere:
    "Pictures reach me only in a chat with me alone. Send it there, or press Edit under a picture of mine.",
  cellsMayChange: (cells: string) => `Only ${cells} may change.`,
  wholeMayChange: "The whole picture may change.",
  expired: "This edit was begun too long ago. Press Edit once more.",
};

export const declined = {
  title: "This needs a small change",
  intro: "Nothing was drawn. Here is what to change:",
};

export const failed = {
  title: "That did not work, and it is not your words",
  titleOfBadRequest: "The image service did not take this one",
  because: {
    busy: "So many pictures are being asked for that the image service makes us wait too long. Please try again later.",
    quota:
      "This bot's allowance at the image service is used up. Whoever runs Easel here has to look at it; until then nothing can be drawn.",
    suspended:
      "The image service has closed its door to this bot for now. Whoever runs Easel here finds it in the log, under the reference below. Please try again later.",
    misconfigured:
      "Easel is not set up correctly for the image service. Whoever runs it here finds what is wrong in the log, under the reference below.",
    "not allowed":
      "The image service, or a gateway before it, does not let this bot use that model. Whoever runs Easel here has to allow it.",
    guardrail:
      "A rule of the gateway before the image service stopped this request and does not say why. Whoever runs Easel here can look it up in the log, under the reference below.",
    "bad request":
      "The image service did not accept this request and does not say what is wrong with it. It is not your words. Whoever runs Easel here finds its answer in the log, under the reference below.",
    "service trouble": "The image service has trouble just now. Please try again in a few minutes.",
    "out of reach": "I tried for a long time, but the image service cannot be reached. Please try again later.",
    "answer lost": "The image service took the request, but its answer never arrived. Please try again.",
    "empty answer": "The image service answered without a picture. Please try again.",
    "not downloaded": "The picture was drawn, but I could not fetch it from the image service. Please try again.",
    broken:
      "Something in Easel broke over this request. Whoever runs it here finds it in the log, under the reference below.",
  } satisfies Record<FailureReason, string>,
  storage:
    "I cannot reach my storage just now, so I could not take your request. Nothing was drawn. Please try again in a minute.",
  storageInDoubt:
    "I cannot reach my storage just now, so I do not know whether I have your request. If no picture comes in a few minutes, please ask again.",
  notNoted:
    "I cannot reach my storage just now, so I do not know whether that was noted. If nothing changes here in a minute, please try again.",
  unforeseen:
    "Something went wrong on my side, and your request was not taken. Nothing was drawn. Please try again in a minute.",
  notLookedAt: "Discord does not let me look at that message just now. Please try again in a minute.",
  gonePicture: "I no longer have that picture.",
  deletedPicture: "That picture was deleted, so nothing can be made of it any more.",
  notForYou: "That picture belongs to another chat or to somebody else. You are welcome to ask for one of your own.",
  notYoursToDelete: "Only the person who asked for it, or a moderator, can delete it.",
  notYoursToCancel: "Only the person who asked, or a moderator, can cancel that.",
  tooLateToCancel: "It is done already, so there is nothing left to cancel.",
  noEditing:
    "No model here changes pictures: DALL·E 3 draws from words alone. Whoever runs Easel can set up a GPT Image model beside it.",
  notFinished: "There is no finished picture of mine in that message that could be gone on from.",
  noPictureThere: "There is no picture in that message.",
  noWordsThere: "There are no words in that message to draw from.",
  notShownAlone: "I cannot show that to you alone here. In a chat with me alone it works.",
  goneJob: "I no longer have the words of that request. Please type it once more.",
  notYours: "Only the person who asked can do that. You are welcome to ask for a picture of your own.",
  heldBackHere: "A rule of this place holds back what I have to say here.",
  nothingDrawn: "No picture came of this one. Whoever asked can change the words and try again.",
  nothingTaken: "No picture came of this one. Please ask again in a minute.",
  privateTooLate: "This answer was for one person alone and could not reach them in time. It can be asked for again.",
};

export const help = {
  title: "Easel draws what you describe",
  intro: "Say what the picture should show, and it will stand here with the words the model really drew from.",
  example: (command: string) => `${command} a lighthouse made of books`,
  typedOptions: (command: string, model: ModelName) =>
    `Options stand behind the words: ${command} a red fox in the snow --size wide --quality ${MODELS[model].qualities.find((quality) => ["hd", "high"].includes(quality))} --count 2. ` +
    "There are --size, --quality, --style, --background, --count and --model.",
  form: (command: string) => `“${command}” alone brings a form with all of them.`,
  usualModel: (model: ModelName) => `${label(model)} draws unless you name another.`,
  ofModel: (model: ModelName, provider: Provider) =>
    `${label(model)}: up to ${MODELS[model].promptLimit[provider].toLocaleString("en")} characters; ${sizesOf(model)}; quality ` +
    wordsOfList(MODELS[model].qualities) +
    (MODELS[model].styles.length ? `; style ${wordsOfList(MODELS[model].styles)}` : "") +
    (MODELS[model].backgrounds.length ? `; background ${wordsOfList(MODELS[model].backgrounds)}` : "") +
    ".",
  count: `Up to ${MOST_PICTURES} pictures at once.`,
  goOn: "Under each picture are the ways on: again, other words, more like this, edit, a high quality, its family, delete.",
  editing: (command: string) => `“${command}” changes a picture that you send along.`,
  browsing: (history: string, family: string) =>
    `“${history}” shows your own pictures, “${family}” what a picture came from.`,
  filter: "If a safety filter says no, I tell you what helps, and you can revise your words with one click.",
  generated: "All pictures are made by AI. Please report anything that should not be here to whoever runs this bot.",
};

export const welcome = {
  title: "Hello, I am Easel",
  intro: "I draw pictures from your words, right here where you talk.",
};

export const notUnderstood = {
  title: "Shall I draw something?",
  intro: (command: string) => `I draw when a message begins with “${command}”. Type “help” to see everything I can do.`,
};

/** A card that a person sends in any chat. */
export const inserted = {
  title: "A picture from these words",
  draw: "Draw a picture",
  drawMessage: "Make a picture of this",
};

export const form = {
  title: "What shall I draw?",
  promptPlaceholder: "a lighthouse made of books",
  changePlaceholder: "a red sofa instead of the blue one",
};
