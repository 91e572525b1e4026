/** All of this adapter's times, as `src/times.ts` holds the core's. Handed along as `desk.times`, and with the settings of Discord. */
export const DISCORD_TIMES = {
  /** What storage may take of the 3 s for a first answer that depends on it: the rest is for the way to Discord. */
  readLimitMilliseconds: 1700,
  /** And where an event is to be noted before it is acknowledged. */
  noteLimitMilliseconds: 1200,
  /** An event has to be answered within 3 s, by Discord's clock: another try after that would be in vain. */
  firstAnswerMilliseconds: 2500,
  firstAnswerPauseMilliseconds: 250,
  /** Longer than those 3 s: whether Discord took a slow answer is worth knowing. */
  firstAnswerLimitMilliseconds: 10_000,

  /**
   * A waiting message that is given up may still come to stand, over the answer. So the job waits for it, up to a little less
   * than the time after which it starts by itself.
   */
  waitingMessageLimitMilliseconds: 12_000,
  /** Where Discord stumbles over an answer that no worker will give, it is tried again after these pauses. */
  tellPausesMilliseconds: [500, 1500, 3000, 5000, 15_000, 30_000, ...Array.from({ length: 12 }, () => 60_000)],
  /** A delivery that asks for a longer pause is not worth the wait. */
  soonSeconds: 60,
  /** No longer than this where a job may have been written: whoever takes its ticket, once that comes up, answers it. */
  tellInDoubtMilliseconds: 14_000,
  /** What is declined for sure is told as long as the token lives. */
  tellMilliseconds: 14 * 60_000,
  /** A look whether a job was written, and the pause before the next. */
  lookMilliseconds: 5000,
  /** What is acknowledged already may take storage longer: an answer for one alone, a deletion, a cancellation. */
  composeLimitMilliseconds: 25_000,
  deleteLimitMilliseconds: 25_000,
  cancelLimitMilliseconds: 25_000,
  /** To keep the key that a press has brought, for later. */
  keepKeyLimitMilliseconds: 5000,

  /** What is told of a job that waits is outdated soon: after that it is not sent any more. */
  progressLimitMilliseconds: 20_000,
  /** For one try by all ways together, with pictures. */
  deliveryLimitMilliseconds: 120_000,
  /** For one try at a board, well within the time for which a replica holds its session. */
  boardLimitMilliseconds: 20_000,
  /** As long as only the key of the event that began it can change a board; Discord's own limit is 15 minutes. */
  boardByKeyMilliseconds: 14 * 60_000,
  /** Until then another way may open yet; nobody is left for longer without a word. */
  lastResortMilliseconds: 25 * 60_000,
  /** A message beside which the answer stands is taken away, and again after these pauses, aside from whoever waits. */
  deletionPausesMilliseconds: [1000, 5000, 30_000],

  /** An upload of 25 MiB; and one call with its waiting in the client's queue and all. */
  requestLimitMilliseconds: 60_000,
  callLimitMilliseconds: 70_000,
  /** A longer wait for a rate limit is not waited for in place: whoever waits holds something that others want. */
  inPlaceSeconds: 5,
  /** After trouble, where nothing was asked for. */
  troubleSeconds: 5,
  /** An unknown refusal is looked at again after this, then more rarely. */
  refusedSeconds: 30,
  longestPauseSeconds: 900,
  /** A wait as long as this is no reason to keep an answer from the other ways. */
  longWaitSeconds: 60,
  /** Nor is trouble of this length: Discord itself has answered 500 to edits in archived threads, each time. */
  lastingMilliseconds: 60_000,
  /** An interaction whose first answer is still on its way is unknown to Discord. */
  youngMilliseconds: 15_000,
  /** How often a token is tried that Discord has refused. More would lock the machine out, and none would need a restart. */
  probeMilliseconds: 5 * 60_000,
  longestProbeMilliseconds: 60 * 60_000,

  /** Between two connections of the gateway. Two minutes mean 720 a day; with the 1000th IDENTIFY in a day Discord resets the token. */
  connectPauseMilliseconds: 1000,
  longestConnectPauseMilliseconds: 120_000,
  /** A connection that lived this long was a good one; what ends sooner counts as one more failure. */
  goodMilliseconds: 30_000,
  /** A client that has not been connected for so long is given up for a new one: it may have stopped trying without a word. */
  stuckMilliseconds: 10 * 60_000,
  connectedLookMilliseconds: 15_000,
  closeLimitMilliseconds: 2000,
  /** Discord keeps a session some minutes, and answers to events that are older than 3 s come too late anyhow. */
  sessionMilliseconds: 2 * 60_000,
  sessionLimitMilliseconds: 2000,

  /** What a stop waits for answers under way, and for Discord in all. */
  finishLimitMilliseconds: 4000,
  stopLimitMilliseconds: 8000,
};

export type DiscordTimes = typeof DISCORD_TIMES;
