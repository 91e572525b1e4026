/** All of this adapter's times, as `src/times.ts` holds the core's. Handed along with the settings of Teams, and as `connector.times`. */
export const TEAMS_TIMES = {
  /**
   * Teams sends a message again after 15 s, and tells people after 5 s that a button did not work. The rest is for the way, and
   * for a busy process: the answer to a press has been seen to leave 0.7 s after its time was over.
   */
  messageLimitMilliseconds: 12_000,
  invokeLimitMilliseconds: 4000,

  /** Of an invoke's time: to read what was pressed, what came of an inserted card, and a deletion, of whose steps the first alone may take that long. */
  readLimitMilliseconds: 1500,
  insertedLimitMilliseconds: 2000,
  deleteLimitMilliseconds: 3000,
  /** What is left of it to say that a list is on its way. */
  listWordMilliseconds: 400,
  /** Accepting may take longer than it is told to by a look whether it was done. */
  acceptLimitMilliseconds: 8000,
  doubtMilliseconds: 1500,
  /** What is left of a turn, however slow storage is, to say what came of it. */
  answerMilliseconds: 2500,
  waitingMessageLimitMilliseconds: 4000,
  lastWordsMilliseconds: 300,
  /** The waiting message stands, or does not, whether or not the turn waits for that. */
  lateLimitMilliseconds: 30_000,
  /** The card in an invoke's answer reaches the client well within it, so that no result is covered by "waiting". */
  cardHeadStartMilliseconds: 600,
  formLimitMilliseconds: 30_000,
  /** No worker brings these answers, so they are brought from here, for about twenty minutes. */
  sayAgainSeconds: [5, 15, 30, 60, 120, 300, 600],
  longestSayAgainSeconds: 600,

  /** All tries of one delivery together; what takes longer is tried again later. */
  deliveryLimitMilliseconds: 30_000,
  /** Of a message that another will follow soon. */
  progressLimitMilliseconds: 8000,
  /**
   * A board that is edited in place is edited again soon, and whoever does it holds the session for half a minute: no try begins
   * after the one, and a call under way is heard until the other, for a message whose answer is not heard would stand twice.
   */
  boardLimitMilliseconds: 8000,
  boardCallLimitMilliseconds: 20_000,
  /** After a card that Teams takes in no form. */
  refusedAgainSeconds: 30,

  /** One call to the connector, and the pauses between several, doubled each time; longer waits are the caller's. */
  tryLimitMilliseconds: 10_000,
  backOffSeconds: 1,
  longestBackOffSeconds: 4,
  longestWaitInPlaceSeconds: 5,
  /** After tries in place whose last answer names no time. */
  laterSeconds: 5,
  /** Whatever `Retry-After` says: a bot that is let in again sooner wants to know. */
  longestLaterSeconds: 600,
  /** When it is tried again to take away a message that another has replaced; an answer that stands waits so long for the first try. */
  takeAwaySeconds: [3, 10, 30, 60, 300, 900],
  takeAwayMilliseconds: 3000,

  /** A request is not kept waiting for the keys any longer, and neither is a look for them; a look that failed is repeated once. */
  keysWaitLimitMilliseconds: 5000,
  keysLimitMilliseconds: 5000,
  keysOnceMoreMilliseconds: 200,
  keysPauseMilliseconds: 1000,
  /** Microsoft asks to look for new keys once a day. Those that we have hold a day longer where it cannot be reached. */
  keysFreshMilliseconds: 24 * 3_600_000,
  keysUsableMilliseconds: 48 * 3_600_000,
  /** A key that nobody knows may be new, or made up by anybody: it makes us look this often, and no more. */
  unknownKeyMilliseconds: 300_000,
  /** How often it is logged that somebody was turned away: whoever can reach the address could fill the log. */
  turnedAwayMilliseconds: 60_000,

  loginLimitMilliseconds: 10_000,
  /** A token is renewed so long before it ends, and never used for longer, whatever the answer says. */
  beforeEndSeconds: 300,
  longestUseSeconds: 24 * 3600,
  /** After a refusal nobody asks again for so long; a longer wait that Entra asks for is cut to the second. */
  loginPauseSeconds: 1,
  longestLoginPauseSeconds: 60,
  /** A token that the connector refuses is thrown away, unless it is newer than this: then the token is not what is wrong. */
  newTokenSeconds: 60,

  /** What a stop waits for: a waiting message has stood by then, or its job has started without it. */
  finishLimitMilliseconds: 5000,
};

export type TeamsTimes = typeof TEAMS_TIMES;
