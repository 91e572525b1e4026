import { discordBoard } from "./english/discord-board.ts";
import { ideas } from "./english/ideas.ts";
import { lenses } from "./english/lenses.ts";
import { prices } from "./english/prices.ts";
import { privacyAnswers } from "./english/privacy-answers.ts";
import { teamsBoard } from "./english/teams-board.ts";
import { denied, fits, warned } from "./english/rules.ts";
import { recap } from "./english/recap.ts";
import { wall, wallPage } from "./english/wall.ts";
import { alertKinds, alerts } from "./english/alerts.ts";
import { easelPanels, ruleFaults } from "./english/easel-panels.ts";
import { usage } from "./english/usage.ts";
import { brake } from "./english/brake.ts";
import { boardPage } from "./english/board-page.ts";
import { styles } from "./english/styles.ts";
import { boardActions, boardForms, brainstorm, roundKinds } from "./english/brainstorm.ts";
import { brainstormAnswers } from "./english/brainstorm-answers.ts";

/**
 * All that Easel says to people, in English: the texts and the grammar, and no knowledge of what is said when. Warm, short,
 * never blaming; no word of a provider, no code, no id. What stands in a sentence comes as a plain value.
 */

const or = (names: readonly string[]) => new Intl.ListFormat("en", { type: "disjunction" }).format(names);
const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);
const grouped = (number: number) => number.toLocaleString("en");

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(5, Math.round(seconds / 5) * 5)} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}

function day(at: string): string {
  return new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** “Mia’s: a castle”; a picture of before December 2026 has left no words. */
type From = { words?: string; by?: string };
const from = ({ words, by }: From) => {
  const whose = by ? ` ${by}’s` : "";
  return words ? `${whose}: ${words}` : whose || " another picture";
};

type Pair = { name: string; value: string };
type Megabytes = { megabytes: number; digits: number };
type Pixels = { width: number; height: number };

export const english = {
  ...ideas,
  ...lenses,
  alerts,
  alertKinds,
  brake,

  /** How texts stand side by side. */
  joined: {
    sentences: ({ all }: { all: readonly string[] }) => all.join(" "),
    pair: ({ name, value }: Pair) => `${name}: ${value}`,
  },

  labels: {
    answer: "An answer",
    yourWords: "Your words",
    /** Of a brainstorm, where the topic and directions of ours are in it. */
    drawnFrom: "Drawn from",
    revisedWords: "What the model drew from",
    revisedWordsOf: ({ number }: { number: number }) => `What the model drew from (${number})`,
    openOriginal: "Open original",
    openOriginalOf: ({ number }: { number: number }) => `Open original ${number}`,
    revise: "Revise",
    reviseTitle: "Revise your words",
    moreWords: "Your words, continued",
    model: "Model",
    size: "Size",
    quality: "Quality",
    style: "Style",
    savedStyle: "Saved style",
    background: "Background",
    count: "Pictures",
    reference: ({ reference }: { reference: string }) => `Reference ${reference}`,
    askedBy: ({ name }: { name: string }) => `Asked by ${name}`,
    addedBy: "Added by",
    /** Who has no name: Teams does not always send one. */
    somebody: "Somebody",
    draw: "Draw",
    /** A choice that makes none: what there is without it. */
    usual: ({ value }: { value: string }) => `Default: ${value}`,
    drawThis: "Draw this",
    changeLast: "Change the last picture",
    cancel: "Cancel",
    more: "More",
    showPicture: "Show the picture",
    goOnFrom: "Go on from",
    whichPicture: "Which picture?",
    older: "Older",
    newer: "Newer",
    region: "What may change (nothing picked: all of it)",
    change: "What should change",
    describeChange: "Describe the change",
    paintRegion: "Paint the part that may change",
    editTitle: "Edit this picture",
    pictureNumber: ({ number }: { number: number }) => `Picture ${number}`,
    /** On the first of the buttons of one picture among several. */
    numbered: ({ number, action }: { number: number; action: string }) => `${number} · ${action}`,
    moreActions: "More…",
    showAll: "Show all",
    showLess: "Show less",
    allAgain: "All again",
    deleteForGood: "Delete for good",
    keepIt: "Keep it",
  },

  /** The buttons under a finished picture. */
  actionLabels: {
    again: "Again",
    words: "Change words",
    revised: "Use these words",
    like: "More like this",
    edit: "Edit",
    keep: "☆ Keep",
    /** Where the presser keeps it already. */
    kept: "★ Kept: take it off",
    finish: "Finish in high quality",
    /** Where it becomes another picture. */
    finest: "Again in high quality",
    family: "Family",
    describe: "Describe",
    style: "Save as style",
    report: "Report",
    delete: "Delete",
  },

  /** How a picture came from the one before it. */
  changeNames: {
    again: "again",
    words: "other words",
    like: "more like this",
    edit: "edited",
    finish: "in high quality",
  },

  /** What a picture came from, in the message with it. The words that are its own as well are not said twice. */
  origins: {
    again: ({ by }: { by?: string }) => (by ? `Again, after ${by}’s picture` : "Again"),
    words: (parent: From) => `Other words for${from(parent)}`,
    like: (parent: From) => `More like${from(parent)}`,
    edit: (parent: From) => `Edited from${from(parent)}`,
    finish: ({ by }: { by?: string }) => `The same picture${by ? ` as ${by}’s` : ""}, in high quality`,
    finest: ({ by }: { by?: string }) =>
      by ? `Again in high quality, after ${by}’s picture` : "Again in high quality",
    brought: "Drawn from a picture that was sent along",
  },

  /** What a size is called where it can be picked. `auto` leaves it to the model. */
  shapeNames: { square: "Square", wide: "Wide", tall: "Tall", auto: "Chosen by the model" },

  sizes: {
    named: ({ shape, size }: { shape: string; size: string }) => `${shape}, ${size}`,
    /** `shape` is the word that a person types for it. */
    typed: ({ size, shape }: { size: string; shape: string }) => `${size} (${shape})`,
    all: ({ sizes }: { sizes: readonly string[] }) => and(sizes),
    someOfMany: ({ sizes }: { sizes: readonly string[] }) => `${and(sizes)}, and other sizes within its rules`,
    megabytes: ({ megabytes, digits }: Megabytes) => `${megabytes.toFixed(digits)} MB`,
    megabytesOrMore: ({ megabytes, digits }: Megabytes) => `${megabytes.toFixed(digits)} MB or more`,
  },

  commandTexts: {
    imagine: "Draw a picture from your words",
    prompt: "What the picture should show",
    size: "Shape or size of the picture",
    quality: "How carefully it is drawn",
    style: "The name of a saved style; none leaves this channel's own out",
    styleOrOwn: "Vivid, natural, or the name of a saved style; none leaves this channel's own out",
    styles: "Looks that are kept under a name, for everybody here",
    styleSave: "Keep the look of a picture, or of your words, under a name",
    styleName: "What it is called, such as harbour; an old name gets a new version",
    styleWords: "How it looks, such as soft watercolour, wide skies",
    styleFrom: "A picture of mine: a link to its message, or its number in your history; several with commas",
    stylePicture: "A picture that shows the look",
    styleUse: "Make a style this channel's own: it goes into every request here",
    styleUseName: "Which one; none takes the channel's own away",
    styleList: "Which styles are saved here",
    styleShow: "What a style keeps",
    styleDrop: "Take a style away, with all its versions",
    styleOneName: "Which one",
    background: "What stands behind the subject",
    count: "How many pictures to draw",
    model: "Which model draws",
    private: "Show the answer to me alone",
    help: "What Easel can do and how to ask for it",
    edit: "Change a picture by words",
    editPicture: "The picture to change: PNG, JPEG, WebP or GIF. Your last one here unless given",
    anotherPicture: "Another picture to draw from",
    mask: "A PNG of the same size: what is transparent in it may change",
    change: "What should change",
    privacy: "See what I keep of you, get a copy, or have me forget you",
    history: "Your own pictures, newest first",
    wall: "The pictures that this channel keeps",
    usage: "What your pictures cost, and what is left",
    easel: "Rules, styles and what was changed here, for whoever runs this place",
    family: "Where a picture came from and what came of it",
    familyPicture: "The picture: a link to its message, or its number in your history; the newest unless given",
    editMessage: "Edit picture",
    drawMessage: "Make a picture of this",
    describeMessage: "Describe picture",
    sketchMessage: "Draw from this sketch",
  },

  waiting: {
    /** Of somebody's who draws more slowly for a while: nobody else has to know. */
    beginsIn: ({ seconds }: { seconds: number }) => `It is begun in about ${duration(seconds)}.`,
    drawingNext: "It is your turn: I am drawing now.",
    placeInLine: ({ before }: { before: number }) =>
      before === 1 ? "One request is before yours." : `About ${before} requests are before yours.`,
    willStandHere: "It will stand here as soon as it is done.",
    outOfReach: "The image service does not answer just now. Your request is safe with me, and I keep trying.",
    storageAway: "I cannot reach my storage just now. I go on as soon as it is back; you need not ask again.",
    lostInHand:
      "Your picture was drawn, but I had to stop before my storage took it, so it is lost. The image service may charge for it all the same. Your request is still with me and will be taken up again.",
    isHereAlready: "That one is done: its answer stands in this chat already.",
    picturesOnTheirWay: ({ count }: { count: number }) =>
      count === 1 ? "Your picture is on its way." : `Your ${count} pictures are on their way.`,
    drawing: ({ seconds }: { seconds: number }) => `I am drawing, for ${duration(seconds)} now.`,
    usually: ({ seconds }: { seconds: number }) => `This usually takes about ${duration(seconds)}.`,
    putOff: ({ seconds }: { seconds: number }) =>
      `So much is asked of the image service that it makes us wait. I go on in about ${duration(seconds)}.`,
    readyIn: ({ seconds }: { seconds: number }) => `It should be ready in about ${duration(seconds)}.`,
    inTheMaking: "What you see is still in the making.",
    below: "It stands below.",
    turning: "I am turning the page.",
    deleting: "I am deleting it.",
  },

  finished: {
    title: "Here it is",
    titleOf: ({ count }: { count: number }) => `Here are your ${count} pictures`,
    someMissing: ({ missing, count }: { missing: number; count: number }) => `${missing} of ${count} did not come:`,
    generated: "Made by AI",
    /** Read out in place of a picture: which it is, what was asked for, then what the model made of it. */
    altText: ({ number, count, words, detail }: { number: number; count: number; words: string; detail?: string }) =>
      `${count > 1 ? `Picture ${number} of ${count}: ` : ""}${words}${detail ? `. In detail: ${detail}` : ""}`,
    notShown: "I could not show it here, so it is one click away.",
    notShownKept: "It is drawn and kept, but I could not show it here.",
    withoutWords: "A rule of this place holds the words back, so they are left out here.",
    added: "Marked: what the model added.",
    deletedAlready: "It is deleted already.",
    askDelete: "Shall I delete this picture for good? It cannot be brought back.",
    deleted: ({ by }: { by: string }) => `${by} has deleted this picture.`,
    forgotten: "Whoever asked for this had all that is theirs deleted.",
    daysAreOver: ({ days }: { days: number }) =>
      days === 1
        ? "Pictures are kept for one day here. This one is deleted."
        : `Pictures are kept for ${days} days here. This one is deleted.`,
    daysWereOver: "The time for which pictures are kept here was over. This one is deleted.",
    someDeleted: ({ count }: { count: number }) =>
      count === 1 ? "One picture was deleted." : `${count} pictures were deleted.`,
    sentDirectly: "Your answer could no longer be shown where you asked, so I bring it to you.",
  },

  cancelled: {
    title: "Cancelled",
    asked: "I am cancelling it. If it is done before I can stop it, it stands here all the same.",
    done: "It is cancelled.",
    by: ({ name }: { name: string }) => `${name} has cancelled this.`,
    free: "Nothing was drawn, so it costs nothing.",
    notBegun: "What was not begun yet was left undrawn.",
    underWay:
      "The drawing was under way already. I broke it off; the image service may charge for it all the same, and I cannot see whether it did.",
  },

  family: {
    title: "The family of this picture",
    intro: "Above, what it came from; then the picture itself, framed; below, what came of it.",
    tree: ({ before, after }: { before: number; after: number }) =>
      `A tree of ${before + 1 + after} pictures: ${before} from which this one came, this one, framed, and ${after} that came of it`,
    line: ({ number, words }: { number: number; words: string }) => `${number}. ${words}`,
    changed: ({ number, change, words }: { number: number; change: string; words: string }) =>
      `${number}. ${change}: ${words}`,
    alone: "This picture has no relatives yet. Go on from it, and they will stand here.",
    brought: "from a picture that was sent along",
    more: "There are more, which are not shown.",
  },

  history: {
    title: "Your pictures",
    empty: "You have no pictures yet. Ask for one, and it will stand here.",
    noMore: "There is nothing older.",
    noNumber: ({ number }: { number: number }) =>
      `You have no picture with the number ${number}. Your history shows which there are.`,
    /** `at`: an ISO time. */
    line: ({ number, words, at }: { number: number; words: string; at: string }) => `${number}. ${words} (${day(at)})`,
    choice: ({ number, words }: { number: number; words: string }) => `${number}. ${words}`,
  },

  edit: {
    intro: "Pick the cells that may change, or none of them for the whole picture, and say what should change.",
    grid: "The picture under a grid: columns A to D from left to right, rows 1 to 4 from top to bottom",
    noPictureHere:
      "Pictures reach me only in a chat with me alone. Send it there, or press Edit under a picture of mine.",
    cellsMayChange: ({ cells }: { cells: readonly string[] }) => `Only ${cells.join(", ")} may change.`,
    wholeMayChange: "The whole picture may change.",
    expired: "This edit was begun too long ago. Press Edit once more.",
    noneHere:
      "There is no picture to change: none of yours stands in this chat yet. Send one along, or press Edit under a picture of mine.",
    whatChanges: "Please say what should change.",
  },

  declined: {
    title: "This needs a small change",
    intro: "Nothing was drawn. Here is what to change:",
  },

  /** What is wrong with a request: as everywhere, what was wrong, what is allowed, what comes closest. */
  faults: {
    promptEmpty:
      "There are no words to draw from. Say what the picture should show, for example: a lighthouse made of books.",
    promptTooLong: ({ length, limit, model }: { length: number; limit: number; model: string }) =>
      `The words are ${grouped(length)} characters long; ${model} reads at most ${grouped(limit)}. Leave out ${grouped(length - limit)} or more.`,
    valueMissing: ({ option }: { option: string }) =>
      `The option “${option}” has no value. Say what it should be, or leave it out.`,
    optionUnknown: ({ name }: { name: string }) => `I do not know the option “${name}”.`,
    optionsKnown: ({ options }: { options: readonly string[] }) => `There are: ${and(options)}.`,
    modelUnknown: ({ name }: { name: string }) => `The model “${name}” is not set up here.`,
    modelsKnown: ({ models }: { models: readonly string[] }) => `There is ${or(models)}.`,
    sizeUnreadable: ({ size }: { size: string }) => `I cannot read the size “${size}”.`,
    sizesReadable: ({ shapes, sizes }: { shapes: readonly string[]; sizes: string }) =>
      `Say ${or(shapes)}, or width and height: ${sizes}.`,
    sizeOfDallE2: ({ size }: { size: string }) => `${size} was DALL·E 2.`,
    sizeRefused: ({ size }: { size: string }) => `${size} does not fit.`,
    drawsSizes: ({ model, sizes }: { model: string; sizes: string }) => `${model} draws ${sizes}.`,
    drawsMultiples: ({ model, of }: { model: string; of: number }) =>
      `${model} draws only edges that are multiples of ${of}.`,
    drawsEdges: ({ model, longest }: { model: string; longest: number }) =>
      `${model} draws edges of at most ${longest}.`,
    drawsRatios: ({ model, greatest }: { model: string; greatest: number }) =>
      `${model} draws at most ${greatest} times as long as high, or as high as long.`,
    drawsMorePixels: ({ model, fewest }: { model: string; fewest: number }) =>
      `${model} draws at least ${grouped(fewest)} pixels in all.`,
    drawsFewerPixels: ({ model, most }: { model: string; most: number }) =>
      `${model} draws at most ${grouped(most)} pixels in all.`,
    nearest: ({ value }: { value: string }) => `The nearest is ${value}.`,
    meant: ({ name }: { name: string }) => `Did you mean “${name}”?`,
    optionMissing: ({ model, option, value }: { model: string; option: string; value: string }) =>
      `${model} has no ${option}, so ${option} “${value}” cannot be kept: leave it out.`,
    valueRefused: ({ model, option, value }: { model: string; option: string; value: string }) =>
      `${model} does not take ${option} “${value}”.`,
    valuesTaken: ({ option, values }: { option: string; values: readonly string[] }) =>
      `Its ${option} is ${or(values)}.`,
    takenBy: ({ models }: { models: readonly string[] }) => `${and(models)} would take it.`,
    countRefused: ({ count, most }: { count: string; most: number }) =>
      `“${count}” pictures cannot be drawn at once: ask for 1 to ${most}.`,
    noEditing: ({ model }: { model: string }) =>
      `${model} draws from words alone, and no model here changes pictures. Whoever runs Easel can set up a GPT Image model beside it.`,
    sourceMissing: "There is no picture to change. Send one along, or press Edit under a picture of mine.",
    ofPicture: ({ number, fault }: { number: number; fault: string }) => `Picture ${number}: ${fault}`,
    sourceTooLarge: ({ size, limit }: { size: string; limit: string }) =>
      `The picture has ${size}; up to ${limit} can be read. Send a smaller copy.`,
    sourceNotPicture:
      "That file is no picture that can be read, whatever it is called. Send it as PNG, JPEG, WebP or GIF.",
    sourceDamaged:
      "The picture is damaged: a part of it is missing or cannot be read. Save or export it once more, or send another copy.",
    sourceKindRefused: ({ kind }: { kind: string }) =>
      `That is ${kind}, which cannot be read. Send it as PNG, JPEG, WebP or GIF.`,
    sourceAnimated: "That picture moves. Send one still picture of it.",
    sourceTooSmall: ({ width, height, least }: Pixels & { least: number }) =>
      `The picture is ${width}×${height}; it takes at least ${least} pixels on each side.`,
    sourceTooWide: ({ width, height, most }: Pixels & { most: number }) =>
      `The picture is ${width}×${height}; up to ${grouped(most)} pixels on a side can be read. Send a smaller copy.`,
    sourceUnreachable: "I could not fetch the picture any more. Send it once more.",
    sourceHostRefused:
      "I take pictures only as they are attached here, not from other addresses. Attach the picture itself.",
    tooManySources: ({ count, limit }: { count: number; limit: number }) =>
      `That are ${count} pictures; up to ${limit} can be used at once.`,
    sourcesTooLarge: ({ limit }: { limit: string }) =>
      `Together the pictures are too large: up to ${limit} can be used at once. Send fewer, or smaller copies.`,
    maskSize: ({ mask, picture }: { mask: string; picture: string }) =>
      `The mask is ${mask} and the picture ${picture}: they have to be of the same size.`,
    maskNotPng: "The mask has to be a PNG.",
    maskWithoutAlpha: "The mask has no transparency: what may change has to be transparent in it.",
    maskEmpty: "Nothing is marked in the mask, so nothing could change. Mark the part that may change.",
  },

  /** Options of another bot's, nearly always Midjourney's: what they did there, and how the same is said here. */
  foreign: {
    version: ({ option, models }: { option: string; models: readonly string[] }) =>
      `“${option}” picks a version of Midjourney. Here a model is picked: ${or(models)}.`,
    onlyVersion: ({ option, model }: { option: string; model: string }) =>
      `“${option}” picks a version of Midjourney. Here ${model} draws.`,
    without: ({ option, value }: { option: string; value?: string }) =>
      `“${option}” is Midjourney’s way to leave something out. Here it is said in the words, such as “without ${value ?? "people"}”.`,
    strength: ({ option }: { option: string }) =>
      `“${option}” sets how freely Midjourney draws. Here it is said in the words: bold, strange, plain, close to life.`,
    style: ({ option, styles }: { option: string; styles: readonly string[] }) =>
      `“${option}” is a look of Midjourney’s. Here there is style ${or(styles)}.`,
    look: ({ option }: { option: string }) =>
      `“${option}” is a look of Midjourney’s. Here a look is said in the words.`,
    quality: ({ option, qualities }: { option: string; qualities: readonly string[] }) =>
      `“${option}” is Midjourney’s. Here quality is a word: ${or(qualities)}.`,
    seed: ({ option }: { option: string }) =>
      `“${option}” draws the same again in Midjourney. No model here can; the buttons under a picture go on from it.`,
    reference: ({ option }: { option: string }) =>
      `“${option}” draws from another picture in Midjourney. Here “edit” does, with a picture that you send along, and “More like this” under a picture of mine.`,
    noReference: ({ option }: { option: string }) =>
      `“${option}” draws from another picture in Midjourney. No model here does: describe it in words.`,
    pattern: ({ option }: { option: string }) =>
      `“${option}” makes a tile in Midjourney. Here it is said in the words: a seamless pattern of leaves.`,
    speed: ({ option }: { option: string }) =>
      `“${option}” sets how Midjourney works on it. Here there is one way, and nothing to set.`,
    edges: ({ option }: { option: string }) =>
      `“${option}” is one edge of a size. Here both stand together: size 1536x1024.`,
    other: ({ option }: { option: string }) => `“${option}” is Midjourney’s, and nothing here does the same.`,
  },

  /** What is offered where one of several models is picked as well. */
  choiceNames: {
    only: ({ name, models }: { name: string; models: readonly string[] }) => `${name} (${models.join(", ")})`,
    not: ({ name, models }: { name: string; models: readonly string[] }) => `${name} (not ${models.join(", ")})`,
    listed: ({ names }: { names: readonly string[] }) => names.join(", "),
    likePicture: "as the picture is",
    one: "one",
  },

  /** Where a filter said no. Words are blamed where the service named them, and nowhere else. */
  refused: {
    title: "Please revise your words",
    titleWithHelp: "I could not draw this",
    heldBack: "The image service's safety filter held back what is missing. Other words may pass.",
    /** Unless the operator has set a line that fits the place, see `HELP_LINE`. It names no country. */
    help: "If this is about you, or about somebody you know: please talk to somebody you trust, or call your local emergency number. findahelpline.com knows who listens where you are, free and at any hour.",
    wayOn: "Filters are careful and sometimes wrong; a change of words is often enough.",
  },
  /** What the filter stopped. */
  filterStopped: {
    prompt: "The image service's safety filter stopped these words before anything was drawn.",
    picture: "A picture was drawn, but the image service's safety filter held it back.",
    unknown: "The image service's safety filter stopped this one, the words or the picture that came of them.",
  },
  /** Why it did, and what helps. */
  filterSaw: {
    violence: "It saw violence in it. Try the moment before or after, or a gentler mood, without wounds or weapons.",
    sexual: "It saw something too intimate. Describe the people dressed and the scene as everyday.",
    hate: "It read something that could hurt a group of people or a person. Describe what you want to see without it.",
    "self-harm": "It saw someone coming to harm. For a picture, try the mood without the harm.",
    "real person":
      "It took somebody for a real person. Describe a fictional person instead: age, clothes, what they do.",
    protected: "It recognised a protected character or brand. Invent a character of your own, and leave the logo out.",
    unknown:
      "It did not say why. What helps most often: describe a fictional person, invent a character, leave the logo out, soften what is violent.",
  },

  failed: {
    title: "That did not work, and it is not your words",
    titleOfBadRequest: "The image service did not take this one",
    storage:
      "I cannot reach my storage just now, so I could not take your request. Nothing was drawn. Please try again in a minute.",
    storageInDoubt:
      "I cannot reach my storage just now, so I do not know whether I have your request. If no picture comes in a few minutes, please ask again.",
    notNoted:
      "I cannot reach my storage just now, so I do not know whether that was noted. If nothing changes here in a minute, please try again.",
    notLookedUp: "I cannot look that up just now. Please try again in a minute.",
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
  },
  /** Why a picture did not come although nobody said no to it. */
  failedBecause: {
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
  },
  /** The same where whoever runs Easel gets a message about it. */
  failedAndTold: {
    quota:
      "This bot's allowance at the image service is used up, and until it is raised nothing can be drawn. Whoever runs Easel here is told of it.",
    suspended:
      "The image service has closed its door to this bot for now. Whoever runs Easel here is told of it. Please try again later.",
    misconfigured:
      "Easel is not set up correctly for the image service. Whoever runs it here is told of it, and finds this request in the log under the reference below.",
    "not allowed":
      "The image service, or a gateway before it, does not let this bot use that model. Whoever runs Easel here is told of it.",
    guardrail:
      "A rule of the gateway before the image service stopped this request and does not say why. Whoever runs Easel here is told of it, and finds this request in the log under the reference below.",
    "bad request":
      "The image service did not accept this request and does not say what is wrong with it. It is not your words. Whoever runs Easel here is told of it, and finds this request in the log under the reference below.",
    broken:
      "Something in Easel broke over this request. Whoever runs it here is told of it, and finds this request in the log under the reference below.",
  },
  /** Where the image service named what it did not accept, and what is allowed. */
  notAccepted: {
    value: ({ option, value }: { option: string; value: string }) =>
      `The image service did not accept the ${option} “${value}”.`,
    values: ({ model, option, values }: { model: string; option: string; values: readonly string[] }) =>
      `${model} draws with ${option} ${or(values)}: pick another.`,
    noSuchOption: ({ model, option }: { model: string; option: string }) => `${model} has no ${option}: leave it out.`,
    size: ({ size }: { size: string }) => `The image service did not accept the size ${size}.`,
    sizes: ({ model, sizes }: { model: string; sizes: string }) => `${model} draws ${sizes}: pick another.`,
    count: ({ most }: { most: number }) =>
      `The image service did not accept that many pictures. Up to ${most} can be asked for at once: ask for one.`,
    model: ({ model }: { model: string }) =>
      `The image service did not accept the model ${model}. Pick another, where there is one, or leave it out.`,
    source:
      "The image service could not take a picture that was sent along: it may be too large, or of a form it does not read. Send a smaller copy, as PNG or JPEG.",
    mask: "The image service could not take the part that was marked. Mark it once more, or leave the marking out.",
    prompt:
      "The image service did not take the words in this form; it does not say that it minds what they say. Most often they are too long: make them shorter.",
    /** `at`: an ISO time. */
    openAgain: ({ at }: { at: string }) =>
      `I try again with the first request after ${new Date(at).toISOString().slice(11, 16)} UTC; until then I do not ask it.`,
  },

  help: {
    title: "Easel draws what you describe",
    intro: "Say what the picture should show, and it will stand here.",
    example: ({ command }: { command: string }) => `${command} a lighthouse made of books`,
    typedOptions: ({ command, quality }: { command: string; quality: string }) =>
      `Options stand behind the words: ${command} a red fox in the snow --size wide --quality ${quality} --count 2.`,
    typedNames: "There are --size, --quality, --style, --background, --count and --model.",
    form: ({ command }: { command: string }) => `“${command}” alone brings a form with all of them.`,
    plain:
      "“Draw me a fox” works as well, with paint, create, make or generate. Whatever else you say comes back with a button to draw it.",
    usualModel: ({ model }: { model: string }) => `${model} draws unless you name another.`,
    ofModel: ({ model, traits }: { model: string; traits: readonly string[] }) => `${model}: ${traits.join("; ")}.`,
    characters: ({ most }: { most: number }) => `up to ${grouped(most)} characters`,
    values: ({ option, values }: { option: string; values: readonly string[] }) => `${option} ${or(values)}`,
    appears: "its pictures appear while they are drawn",
    edits: "it changes pictures",
    saysItsWords: "it draws from richer words of its own, and they stand under the picture",
    retired: "it is retired, and draws only where it is still served",
    count: ({ most }: { most: number }) => `Up to ${most} pictures at once.`,
    goOn: "Under each picture are the ways on: again, other words, more like this, edit, a high quality, its family, delete.",
    editing: ({ command }: { command: string }) =>
      `“${command}” changes a picture that you send along, or your last one here.`,
    privacy: ({ command }: { command: string }) =>
      `“${command}” shows what I keep of you, gives you a copy, and forgets you when you say so.`,
    browsing: ({ history, family, wall }: { history: string; family: string; wall: string }) =>
      `“${history}” shows your own pictures, “${family}” what a picture came from, “${wall}” what this channel keeps.`,
    purse: ({ usage, easel }: { usage: string; easel: string }) =>
      `“${usage}” says what your pictures cost and what is left to you, and lets you set a limit of your own. Whoever runs this place rules it by “${easel}”.`,
    sketching: ({ command }: { command: string }) =>
      `“${command}” with a photo of a sketch makes three finished pictures of it.`,
    describing: ({ command }: { command: string }) => `“${command}” with a picture says what it shows.`,
    inMenus: ({ names }: { names: readonly string[] }) => `In a message’s menu, under Apps: ${and(names)}.`,
    brainstorm: ({ command }: { command: string }) =>
      `“${command} a logo for our bakery” is for a whole room: you all bring ideas, see them drawn as quick drafts, vote, and go on from the winner.`,
    filter: "If a safety filter says no, I tell you what helps, and you can revise your words with one click.",
    generated:
      "All pictures are made by AI. If one should not be here, press More… under it, then Report, and it is noted for whoever runs this bot.",
    runBy: ({ name }: { name: string }) => `Easel is run here by ${name}.`,
    writeTo: ({ contact }: { contact: string }) => `Questions and complaints go to ${contact}.`,
  },

  /** To whoever runs this installation. */
  report: {
    title: "Report this picture",
    why: "What is wrong with it",
    whyPlaceholder: "It shows a real person",
    send: "Send the report",
    missing: "Please say in a few words what is wrong with the picture.",
    noted: ({ reference }: { reference: string }) =>
      `Thank you. I have noted it for whoever runs Easel here, under the reference ${reference}.`,
    notedFor: ({ name, reference }: { name: string; reference: string }) =>
      `Thank you. I have noted it for ${name}, who runs Easel here, under the reference ${reference}.`,
    /** Where it is true. */
    told: "They are told of it right now.",
    writeTo: ({ contact }: { contact: string }) => `If it cannot wait, write to ${contact} and name that reference.`,
  },

  welcome: {
    title: "Hello, I am Easel",
    intro: "I draw pictures from your words, right here where you talk.",
    more: ({ command }: { command: string }) => `“${command}” tells all that I can do.`,
  },

  notUnderstood: {
    title: "Shall I draw something?",
    intro: ({ command }: { command: string }) =>
      `I draw when a message begins with “${command}”. Type “help” to see everything I can do.`,
    titleWithWords: "Shall I draw this?",
    titleToChange: "Draw this, or change the last picture?",
    lastPicture: ({ words }: { words: string }) => `Your last picture here: ${words}`,
    pictureCame: "To change the picture that you sent, send it once more with words that begin with “edit”.",
  },

  /** A card that a person sends in any chat. */
  inserted: {
    title: "A picture from these words",
    draw: "Draw a picture",
    drawMessage: "Make a picture of this",
  },

  form: {
    title: "What shall I draw?",
    promptPlaceholder: "a lighthouse made of books",
    savedStylePlaceholder: "A style that was saved; “none” for a picture without",
    changePlaceholder: "a red sofa instead of the blue one",
  },

  /** The page to paint on. A key's name stands in brackets. */
  editPage: {
    title: "Edit this picture",
    needsScript: "This page paints by script. Please switch JavaScript on for it.",
    thePicture: "The picture",
    theChange: "The change",
    intro: "Paint over the part that may change. The rest stays as it is.",
    picture: "The picture to change",
    painting: "Painting area over the picture",
    brush: "What the brush does",
    paint: "Paint",
    erase: "Erase",
    undo: "Undo",
    clear: "Clear",
    brushSize: "Brush size",
    keyboard: "Painting with the keyboard",
    keysBegin: "Go to the picture with [Tab]. There:",
    keysMove: "[←] [↑] [→] [↓] move the brush.",
    keysPaint: "[Space] or [Enter] paints. Held down, or with [Shift], the arrows paint a line.",
    keysSize: "[+] and [-] make the brush larger and smaller: a smaller one takes smaller steps.",
    keysOther: "[E] changes between painting and erasing, [U] takes the last stroke back.",
    change: "What should change",
    changePlaceholder: "a red umbrella in her hand",
  },
  /** What its script says, in the browser: texts alone, with a value's name in braces. */
  editScript: {
    bringing: "Bringing the picture…",
    tryAgain: "Try again",
    notReached: "Easel cannot be reached just now. Check your connection, and try again.",
    notUnderstood: "Something went wrong on the way. Please try again in a minute.",
    pictureNotShown: "The picture came, but your browser cannot show it.",
    nothingPainted: "Nothing is painted, so the whole picture may change.",
    allPainted: "All of the picture is painted, so all of it may change.",
    somePainted: "About {percent} % of the picture may change.",
    littlePainted: "Less than 1 % of the picture may change.",
    painted: "Painted.",
    erased: "Erased.",
    undone: "Taken back.",
    cleared: "Cleared.",
    restored: "What you painted and wrote here before is back.",
    painting: "The brush paints.",
    erasing: "The brush erases.",
    brushSize: "{percent} % of the picture",
    brushAt: "{across} % across, {down} % down.",
    missing: "Please say what should change.",
    tooLong: "{length} of {most} characters: leave out {excess} or more.",
    left: "{length} of {most} characters.",
    send: "Send",
    sending: "Sending…",
    notSent:
      "Easel cannot be reached just now, so nothing was sent. What you painted and wrote is still here: please send again in a moment.",
    soonOver:
      "This page works for two more minutes. After that press Edit in the chat once more: what you painted and wrote comes back.",
  },
  /** What stands in place of that page. */
  closedTitles: {
    unknown: "There is nothing to edit here",
    expired: "This link has had its time",
    ofOther: "This link is open in another browser",
    unreachable: "One moment, please",
  },
  closedPages: {
    unknown: "This link leads to no picture, or a part of it is missing. Press Edit under the picture once more.",
    expired: "It works for a quarter of an hour. Press Edit under the picture once more, and go on with a new link.",
    ofOther:
      "It works for one person, in the browser that opened it first. Press Edit under the picture yourself, and you get a link of your own.",
    unreachable: "I cannot reach my storage just now. Please try again in a minute.",
  },
  /** What the server answers to its script. */
  editAnswers: {
    notFromHere: "This did not come from the page itself, so nothing was sent. Open the link from the chat once more.",
    tooLarge: "What came is larger than this page ever sends, so it was not read. Load this page anew, and send again.",
    tooSlow: "What you sent came too slowly, so nothing was sent on. All of it is still here: please send again.",
    oneMoment: "I am still busy with what was sent before. Please send again in a moment.",
    notReadable: "What came could not be read. Load this page anew, and send again.",
    gonePicture: "I no longer have that picture. It may have been deleted.",
    deletedMeanwhile: "That picture was deleted meanwhile, so it cannot be changed any more, and nothing was sent.",
    notSent:
      "I cannot reach my storage just now, so nothing was sent. All of it is still here: please send again in a minute.",
    onItsWay:
      "Your picture is on its way, and will stand in the chat. You can close this page, or change something and send again.",
  },

  /** For whoever opens an address by hand. */
  plainAnswers: {
    broken: "Something went wrong here.",
    nothing: "There is nothing here.",
    noBody: "This takes no body.",
    pictureAway: "This picture cannot be reached just now.",
  },

  /** The pages that the chat platforms' stores ask for. */
  storePages: {
    language: "en",
    pages: "Pages",
    privacyLink: "Privacy",
    termsLink: "Terms of use",
    aboutTitle: "Easel",
    privacyTitle: "Privacy",
    termsTitle: "Terms of use",
    nothingTitle: "There is nothing here",
    nothingText: "The address may be mistyped, or what stood here was deleted.",
  },
  about: {
    what: "Easel draws pictures from words, in the chat where a team already talks: /imagine in Discord, “imagine …” in Microsoft Teams.",
    picture: "A lighthouse made of books by the sea at night",
    painted:
      "“A lighthouse made of books by the sea at night”, as the stand-in paints it with which Easel can be tried. Real models paint better.",
    begin: "How to begin",
    inDiscord: "In Discord, type [/imagine a lighthouse made of books] in any channel that has Easel, and send it.",
    inTeams:
      "In Microsoft Teams, write [imagine a lighthouse made of books] to Easel, or mention it in a group or a channel: [@Easel imagine a lighthouse made of books].",
    goOn: "A moment later the picture stands where you asked. The buttons under it go on from there: again, other words, a change of one part, and more. [help] says the rest.",
    add: "Easel is not in your chat yet? In Discord, open its profile and press Add App; in Teams, look for it under Apps. Where it is not to be found, whoever runs it can add it.",
    generated:
      "Every picture is made by an AI model. If one should not be here, press More… under it and then Report, write to whoever runs this installation, or use the report function of your chat.",
  },
  boardPage,
  privacy: {
    runBy: ({ name }: { name: string }) => `${name} runs Easel here, and answers for what is kept.`,
    runBySomebody: "Whoever runs this installation answers for what is kept here.",
    writeTo: ({ contact }: { contact: string }) => `Write to ${contact}.`,
    kept: "What is kept: the words of a request with its options, who asked (the chat platform's id and the display name) and where, the pictures, those that were sent along for an edit, and the words that the model drew from; of a saved style its words, colours and pictures, for all in that server or organisation, until somebody drops it. It is kept in the operator's own Azure Storage account, so that messages go on showing their pictures.",
    howLong: "For how long: until it is deleted there.",
    days: ({ days }: { days: number }) =>
      `For how long: ${days === 1 ? "one day" : `${days} days`}, then a picture is deleted with the words that asked for it, and a brainstorm with it. A picture that somebody keeps on a wall stays as long as it hangs there.`,
    andThen:
      "A picture that was sent along goes with the last picture made of it; where none was made of it, it goes after a day or two, and so does what was begun on the page for painting and never sent. What shows a picture while it is drawn goes as soon as that is done. What a chat model suggested, or saw in a picture, goes after a month, or before that with the picture.",
    passedOn:
      "What is passed on: the words, and for an edit the pictures it is made from, go to the image service that the operator has set up, with a hash in place of the person. The picture goes to the chat.",
    toIdeas:
      "A chat model is set up beside it: that gets, in the same way, words for which others are to be suggested, a brainstorm's topic and ideas, and a picture that somebody has described.",
    spent:
      "What a picture cost is written down with a hash of the person, the channel and the server or organisation, so that limits can be kept. When somebody is forgotten, the amount stays and the hash goes. Where a filter stopped words, that is counted for two days, by the same hash.",
    notDone:
      "What is not done: nothing is sold, nothing is used for advertising, and Easel trains no model. Words and pictures are not written into logs, but for what somebody writes under Report, which is meant for the operator.",
    whoSees:
      "A picture's address cannot be guessed, but whoever has it can open it. Whoever asked for a picture, or a moderator of the place, can delete it with the button under it: it is then taken out of storage and out of its message, with the words that the model drew from. A picture that somebody keeps hangs on its channel's wall, with the name of whoever keeps it, until they take it off or it is deleted; the wall has a page, and whoever has the address of that can open it too.",
    brainstorms:
      "A brainstorm keeps its topic, its ideas with the names of whoever brought them, who led it, and how many votes each picture had. Who voted for what is nobody else's to know, and is forgotten once the votes are counted. Its page and its slides have an address that cannot be guessed: whoever has it can read them, and can change nothing there.",
    yours:
      "What you can do: [/privacy] in Discord, or [privacy] in Microsoft Teams, gives you a copy of all that is kept of you, and has all of it deleted when you say so twice: your pictures and words, your ideas, votes and drafts, and your name wherever it stands. What others made stays theirs.",
    copies:
      "Copies are beyond that: a browser that has shown a picture may keep it for an hour, and the chat platform may keep one of its own for longer.",
  },
  terms: {
    rules:
      "Ask for pictures only within the rules of your organisation, of the chat platform and of the image service, whose safety filter may refuse a request.",
    generated:
      "Pictures are made by an AI model and may be wrong or surprising. Look at them before you rely on them, and say that they are made by AI where you publish them.",
    warranty: "Easel is given as it is, without warranty, by whoever runs this installation.",
  },

  prices,
  privacyAnswers,
  recap,
  discordBoard,
  styles,
  brainstorm,
  boardActions,
  boardForms,
  roundKinds,
  brainstormAnswers,
  teamsBoard,
  denied,
  fits,
  warned,
  wall,
  wallPage,
  usage,
  easelPanels,
  ruleFaults,
};
