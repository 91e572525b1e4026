import { ButtonStyle, ComponentType, MessageFlags } from "discord.js";
import type {
  APIActionRowComponent,
  APIButtonComponent,
  APIComponentInContainer,
  APIComponentInMessageActionRow,
  APIStringSelectComponent,
} from "discord.js";
import type { Board, SpokenBoard } from "../../src/brainstorm/board.ts";
import { sentencesFor, speakAll } from "../../src/words/said.ts";
import type { Sentences } from "../../src/words/said.ts";
import { shorten } from "../../src/words/shorten.ts";
import { boardControlId } from "./message/board-controls.ts";
import { button, linkButton, rowsOfButtons } from "./message/buttons.ts";
import { literal } from "./message/literal.ts";
import { MOST_TEXT, weightOf } from "./message/text-weight.ts";
import { altTextOf, colours } from "./show.ts";
import type { MessageBody } from "./show.ts";

/** Where the picture of an idea is: a file of the message, or an address. */
export type BoardPicture = { number: number; url: string };

/** A file of the message: what stands there already has Discord's own id. */
export type BoardFile = { id: string; filename: string; number: number };

const LONGEST_CHOICE = 100;
const LONGEST_PLACEHOLDER = 150;
const MOST_CHOICES = 25;
/** Discord takes 40 components. Three rows and the frame are 17 with all that stands in them. */
const MOST_BUTTONS = 15;
/** Notes and facts are sentences of ours and few; more would be a wall. */
const MOST_LINES = 10;

const WINNER = "★";

/** A board as one message of components. Texts that are too long together are shortened, the longest first. */
export function showBoard(
  said: Board,
  { pictures, files }: { pictures: BoardPicture[]; files: BoardFile[] },
  locale?: string,
): MessageBody {
  const sentences = sentencesFor(locale);
  const board = speakAll(said, sentences);
  const { head, ideas, foot } = fittingTexts(board, sentences);
  const altTexts = new Map(
    said.ideas.flatMap(({ number, picture }) => (picture ? [[number, altTextOf(picture, sentences)]] : [])),
  );
  const components: APIComponentInContainer[] = [
    ...text(head),
    ...gallery(pictures, altTexts),
    ...text(ideas),
    ...text(foot),
    ...voteRow(board),
    ...rowsOfButtons(buttonsOf(board)),
  ];
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [{ type: ComponentType.Container, accent_color: colours[board.mood], components }],
    attachments: files.map(({ id, filename, number }) => ({ id, filename, description: altTexts.get(number) })),
    allowed_mentions: { parse: [] },
  };
}

type Texts = { head: string; ideas: string; foot: string };

function fittingTexts(board: SpokenBoard, sentences: Sentences): Texts {
  let texts = textsOf(board, sentences, 1000);
  const weigh = ({ head, ideas, foot }: Texts) => weightOf(head) + weightOf(ideas) + weightOf(foot);
  for (let most = 800; weigh(texts) > MOST_TEXT && most >= 10; most = Math.floor(most * 0.8))
    texts = textsOf(board, sentences, most);
  return texts;
}

/** No text in it is longer than `most`, before what Discord's markdown adds. */
function textsOf(board: SpokenBoard, sentences: Sentences, most: number): Texts {
  const { title, facts, stage, until, howTo, ideas, notes } = board;
  const plain = (words: string) => literal(shorten(words.replaceAll(/\s+/g, " ").trim(), most));
  const small = (lines: string[], between: string) => {
    const filled = lines.slice(0, MOST_LINES).filter((line) => line.trim());
    return filled.length ? [`-# ${filled.map(plain).join(between)}`] : [];
  };
  const end = until && [untilText({ ...until, label: plain(until.label) }, sentences)];
  return {
    head: [`### ${plain(title)}`, plain(stage), ...(end ?? [])].filter((line) => line).join("\n"),
    ideas: ideas
      .flatMap(({ number, words, by, state, votes, isWinner }) => {
        const name = isWinner ? `${WINNER} **${number}** **${plain(words)}**` : `**${number}** ${plain(words)}`;
        return [name, ...small([by, votes ?? "", state ?? ""], " · ")];
      })
      .join("\n"),
    foot: [...(howTo ? [plain(howTo)] : []), ...notes.slice(0, MOST_LINES).map(plain), ...small(facts, " ")].join("\n"),
  };
}

/** In each reader's own time zone. */
function untilText({ label, at }: { label: string; at: string }, { discordBoard }: Sentences): string {
  const seconds = Math.round(Date.parse(at) / 1000);
  return discordBoard.until({ label, left: `<t:${seconds}:R>`, clock: `<t:${seconds}:t>` });
}

function text(content: string): APIComponentInContainer[] {
  return content ? [{ type: ComponentType.TextDisplay, content }] : [];
}

function gallery(pictures: BoardPicture[], altTexts: Map<number, string>): APIComponentInContainer[] {
  if (!pictures.length) return [];
  const items = pictures.map(({ number, url }) => ({ media: { url }, description: altTexts.get(number) }));
  return [{ type: ComponentType.MediaGallery, items }];
}

/** Whoever chooses nothing takes their votes back. */
function voteRow({ session, round, vote }: SpokenBoard): APIActionRowComponent<APIComponentInMessageActionRow>[] {
  if (!vote?.choices.length) return [];
  const options = vote.choices
    .slice(0, MOST_CHOICES)
    .map(({ value, name }) => ({ value, label: shorten(name, LONGEST_CHOICE) }));
  const select: APIStringSelectComponent = {
    type: ComponentType.StringSelect,
    custom_id: boardControlId({ does: "vote", session, round }),
    placeholder: shorten(vote.label, LONGEST_PLACEHOLDER),
    min_values: 0,
    max_values: Math.min(vote.most, options.length),
    options,
  };
  return [{ type: ComponentType.ActionRow, components: [select] }];
}

const styles = {
  main: ButtonStyle.Primary,
  usual: ButtonStyle.Secondary,
  danger: ButtonStyle.Danger,
} as const;

function buttonsOf({ session, round, actions, page }: SpokenBoard): APIButtonComponent[] {
  const links = page ? linkButton({ do: "open", ...page }) : [];
  const shown = actions.slice(0, MOST_BUTTONS - links.length);
  const buttonsWith = (isDanger: boolean) =>
    shown
      .filter(({ tone }) => (tone === "danger") === isDanger)
      .map(({ does, label, tone }) => button(styles[tone], label, boardControlId({ does, session, round })));
  // What ends something stands last.
  return [...buttonsWith(false), ...links, ...buttonsWith(true)];
}
