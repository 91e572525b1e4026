import { describe, expect, it } from "vitest";
import { LONGEST_ASKED_WAIT_SECONDS } from "../src/images-api/asked-wait.ts";
import { QUOTA_WAIT_SECONDS } from "../src/images-api/meaning.ts";
import { LOCAL_TIMES, TIMES } from "../src/times.ts";
import { LONGEST_WAIT_SECONDS } from "../adapters/discord/rest/no-answer.ts";
import { TOKEN_MILLISECONDS } from "../adapters/discord/rest/by-key.ts";
import { DISCORD_TIMES as discord } from "../adapters/discord/times.ts";
import { TEAMS_TIMES as teams } from "../adapters/teams/times.ts";
import { SHORT_HOLD, tenth } from "./times.ts";

const { process, storage, images, alerts, ideas, jobs, work, ask, styles, brainstorm, web } = TIMES;
const seconds = (count: number) => count * 1000;
const minutes = (count: number) => seconds(60 * count);
const days = (count: number) => minutes(24 * 60 * count);
const sum = (times: number[]) => times.reduce((total, time) => total + time, 0);

/** What others leave us. Rules of theirs: no change of ours makes them longer. */
const STOPPED = {
  /** Container Apps and Kubernetes wait 30 s before they kill; hosts that wait less mostly wait 15. */ grace:
    seconds(15),
};
const DISCORD = {
  /** To acknowledge an event. */
  acknowledge: seconds(3),
  /** The key of an event opens its answers. */
  token: minutes(15),
  /** Connections that begin a session, in a day, before the token is reset. */
  sessions: 1000,
};
const TEAMS = {
  /** Then a message is delivered again. */
  turn: seconds(15),
  /** Then whoever pressed a button reads that it did not work. */
  invoke: seconds(5),
};
const AZURE = {
  /** A queue message is hidden for seven days at most. */
  longestHidden: days(7),
  /** A call that says nothing for so long is cut by the service in front of the model. */
  silence: seconds(120),
  /** Requests are counted in windows of so long. */
  window: seconds(10),
};

/** In milliseconds: the first is to be shorter than the second, so that what the sentence says is true. */
type Relations = [sentence: string, shorter: number, longer: number][];

describe.each<[string, Relations]>([
  [
    "whoever presses on a board",
    [
      [
        "hears of a vote that is being counted before Discord gives up",
        brainstorm.countingLimitMilliseconds + brainstorm.countingLookMilliseconds,
        DISCORD.acknowledge,
      ],
      ["gets a form while Discord still takes one", 2 * brainstorm.suggestionsMilliseconds, DISCORD.acknowledge],
      ["has a code for as long as it holds", brainstorm.codeMilliseconds, days(work.codeDays)],
    ],
  ],
  [
    "alerts",
    [
      [
        "whoever tells them is done before another process takes over",
        2 * alerts.callLimitMilliseconds + alerts.tellLimitMilliseconds + seconds(1),
        seconds(alerts.holdSeconds),
      ],
      ["what is told of a model's end is not forgotten before it ends", days(60), days(work.alertDays)],
      ["a block counts for as long as it is kept", days(1), days(work.blockDays)],
    ],
  ],
  [
    "styles",
    [
      [
        "a channel's own style is read in the time in which a request is taken",
        styles.ownLimitMilliseconds,
        ask.acceptLimitMilliseconds,
      ],
      ["“within a minute” is true", styles.knownMilliseconds - 1, minutes(1)],
    ],
  ],
  [
    "the model for ideas",
    [
      ["who looks at a picture has longer", ideas.callLimitMilliseconds, ideas.pictureLimitMilliseconds],
      [
        "whoever asks it has an answer before another process asks, in storage's whole seconds",
        ideas.pictureLimitMilliseconds + seconds(1),
        seconds(ideas.askingSeconds),
      ],
      ["who waits for a process that died asks itself", seconds(ideas.askingSeconds), ideas.patienceLimitMilliseconds],
      ["words come while Discord is patient", ideas.patienceLimitMilliseconds, discord.composeLimitMilliseconds],
    ],
  ],
  [
    "the end of the process",
    [
      ["what waits for storage is left before the rest is", work.leaveMilliseconds, work.stopMilliseconds],
      [
        "work and pictures end before everything is cut off",
        work.stopMilliseconds + process.httpStopLimitMilliseconds,
        process.lastResortMilliseconds,
      ],
      ["everything is cut off before we are", process.lastResortMilliseconds, STOPPED.grace],
      ["jobs are handed back while the calls under way end", work.handBackLimitMilliseconds, work.stopMilliseconds],
      [
        "brainstorms are handed back when what is being shown stands",
        brainstorm.lastShowMilliseconds,
        brainstorm.handBackLimitMilliseconds,
      ],
      ["and while the calls under way end", brainstorm.handBackLimitMilliseconds, work.stopMilliseconds],
    ],
  ],
  [
    "a hold",
    [
      ["may miss a renewal", 2 * jobs.renewalMilliseconds + jobs.renewalTryMilliseconds, seconds(jobs.holdSeconds)],
      ["is renewed before the next renewal begins", jobs.renewalTryMilliseconds, jobs.renewalMilliseconds],
      ["is looked at before the next renewal begins", jobs.lookTryMilliseconds, jobs.renewalMilliseconds],
      [
        "is renewed in time however long accepting took",
        ask.acceptLimitMilliseconds +
          ask.doubtLimitMilliseconds +
          jobs.renewalMilliseconds +
          jobs.renewalTryMilliseconds,
        seconds(jobs.holdSeconds),
      ],
      ["outlasts the wait for a waiting message", ask.startsByItselfMilliseconds, seconds(jobs.holdSeconds)],
      ["is taken back by its owner after an outage", storage.longestPauseMilliseconds, jobs.returnMilliseconds],
      [
        "is taken back by its owner after an outage, when it is renewed",
        jobs.renewalMilliseconds + jobs.renewalTryMilliseconds,
        jobs.returnMilliseconds,
      ],
      ["is looked at again while its owner may come back", seconds(jobs.lookAgainSeconds), jobs.returnMilliseconds],
    ],
  ],
  [
    "whoever watches a brainstorm",
    [
      ["sees what was changed here before what is changed elsewhere", web.joinedMilliseconds, web.lookMilliseconds],
      ["is not let go while their slides are written", web.slidesLimitMilliseconds, web.idleLimitMilliseconds],
      ["is not let go while nothing happens", 2 * web.beatMilliseconds, web.idleLimitMilliseconds],
    ],
  ],
  [
    "a ticket is hidden no longer than Azure hides one",
    [
      ["while it is held", seconds(jobs.holdSeconds), AZURE.longestHidden],
      ["while a platform wants to be left alone", seconds(work.longestAskedPauseSeconds), AZURE.longestHidden],
      ["while its turn is far off", seconds(images.longestWaitSeconds), AZURE.longestHidden],
      ["after work on it broke off", seconds(work.longestBreakPauseSeconds), AZURE.longestHidden],
    ],
  ],
  [
    "no job is taken for stranded",
    [
      ["that waits for a platform", seconds(work.longestAskedPauseSeconds), jobs.strandedMilliseconds],
      ["that waits for its turn", seconds(images.longestWaitSeconds), jobs.strandedMilliseconds],
      ["that waits for the image service", work.outOfReachMilliseconds, jobs.strandedMilliseconds],
      ["that is drawn", images.callLimitMilliseconds, jobs.strandedMilliseconds],
      ["before it is looked for", work.strandedLookMilliseconds, jobs.strandedMilliseconds],
    ],
  ],
  [
    "a chat turn",
    [
      [
        "outlasts the SDKs' own repeats",
        storage.sdkPauseMilliseconds + storage.longestSdkPauseMilliseconds,
        ask.acceptLimitMilliseconds,
      ],
      ["outlasts our repeats", sum(storage.fewPausesMilliseconds), ask.acceptLimitMilliseconds],
      [
        "is over before its job starts by itself",
        ask.acceptLimitMilliseconds + ask.doubtLimitMilliseconds,
        ask.startsByItselfMilliseconds,
      ],
      [
        "of the edit page gives its waiting message up before the job starts by itself",
        web.waitingMessageLimitMilliseconds,
        ask.startsByItselfMilliseconds,
      ],
      ["has its turn by person while earlier ones are saved", ask.acceptLimitMilliseconds, jobs.givenMilliseconds],
    ],
  ],
  [
    "a press",
    [
      ["has become a job before the next one is meant", storage.takenSeconds, storage.oneClickSeconds],
      ["to cancel sees what the owner makes of the wish", work.wishesMilliseconds, ask.outcomeMilliseconds],
      ["to cancel looks more than once", ask.outcomeLookMilliseconds, ask.outcomeMilliseconds],
    ],
  ],
  [
    "one call to the image service",
    [
      [
        "and the wait before it are over before others look instead",
        images.callLimitMilliseconds + images.tokenLimitMilliseconds + seconds(images.longestWaitInPlaceSeconds),
        minutes(images.probeMinutes),
      ],
      ["of a small picture has less", images.quickCallLimitMilliseconds, images.callLimitMilliseconds],
      ["that Azure cuts for its silence is cut before we give it up", AZURE.silence, images.stallLimitMilliseconds],
      [
        "that is silent is given up before its time is over",
        images.stallLimitMilliseconds,
        images.quickCallLimitMilliseconds,
      ],
      [
        "has its turn while storage is still waited for",
        seconds(images.longestWaitInPlaceSeconds),
        storage.operationLimitMilliseconds,
      ],
    ],
  ],
  [
    "a turn at the image service",
    [
      [
        "is waited for in place before it is waited for in line",
        images.longestWaitInPlaceSeconds,
        images.longestWaitSeconds,
      ],
      ["after a rate limit waits a window of Azure's", AZURE.window - 1, seconds(work.windowSeconds)],
      ["after five rate limits is still waited for", work.windowSeconds * 2 ** 5, images.longestWaitSeconds],
      ["is no matter of quota as long as it is waited for", images.longestWaitSeconds - 1, QUOTA_WAIT_SECONDS],
      ["is no matter of pace where nobody waits for it", QUOTA_WAIT_SECONDS - 1, images.longestWaitSeconds],
      ["is asked for beyond what is waited for", images.longestWaitSeconds, LONGEST_ASKED_WAIT_SECONDS],
      [
        "behind a closed deployment comes sooner than behind a closed resource",
        images.deploymentClosedMinutes,
        images.resourceClosedMinutes,
      ],
      [
        "behind a closed resource comes sooner than the longest",
        images.resourceClosedMinutes,
        images.longestClosedMinutes,
      ],
      ["is looked for again while somebody looks", seconds(images.probedAgainSeconds), minutes(images.probeMinutes)],
      [
        "while the service is out of reach is tried more than once",
        seconds(work.longestReachPauseSeconds),
        work.outOfReachMilliseconds,
      ],
    ],
  ],
  [
    "storage",
    [
      [
        "is asked again for a small blob within one operation",
        storage.smallBlobLimitMilliseconds,
        storage.operationLimitMilliseconds,
      ],
      ["is waited for with growing pauses", storage.pauseMilliseconds, storage.longestPauseMilliseconds],
      ["is reached for with growing pauses", storage.reachPauseMilliseconds, storage.longestReachPauseMilliseconds],
      ["is said to be away more and more rarely", storage.quietMilliseconds, storage.longestQuietMilliseconds],
      ["is looked at for tickets with growing pauses", work.shortestPollMilliseconds, work.longestPollMilliseconds],
      [
        "is looked at for tickets more rarely in an outage",
        work.longestPollMilliseconds,
        work.longestPollInOutageMilliseconds,
      ],
      ["takes what is shared before the next look through it", work.shareLimitMilliseconds, work.sweepMilliseconds],
    ],
  ],
  [
    "a message",
    [
      ["is edited no more often than platforms bear", seconds(2), work.editPauseMilliseconds],
      [
        "tells the time that has passed after its first edit",
        work.editPauseMilliseconds,
        seconds(work.toldAfterSeconds[0] ?? 0),
      ],
      [
        "tells a position no sooner than positions are looked at",
        work.positionsMilliseconds,
        work.positionToldMilliseconds,
      ],
      ["of local mode tells a position no more often", seconds(2), LOCAL_TIMES.work.positionToldMilliseconds],
      [
        "of local mode tells a position before it is five seconds old",
        LOCAL_TIMES.work.positionsMilliseconds + LOCAL_TIMES.work.positionToldMilliseconds,
        seconds(5),
      ],
      ["is tried again before a refusal is meant", seconds(work.longestPauseSeconds), work.longestRefusalMilliseconds],
      ["that hung is tried again with growing pauses", work.hangingAgainSeconds, work.longestPauseSeconds],
      [
        "of a platform that is not set up here is tried again with growing pauses",
        work.notSetUpAgainSeconds,
        work.longestPauseSeconds,
      ],
      ["is refused for less than it is tried", work.longestRefusalMilliseconds, work.longestDeliveryMilliseconds],
      [
        "is tried again after the longest pause that a platform asks for",
        seconds(work.longestAskedPauseSeconds),
        work.longestDeliveryMilliseconds,
      ],
    ],
  ],
  [
    "what is kept",
    [
      ["for an edit lives as long as Discord's token", jobs.draftMilliseconds, DISCORD.token + 1],
      ["for an edit outlasts the edit", jobs.draftMilliseconds, days(work.draftDays)],
      ["to go on from outlasts the drafts that it may belong to", work.draftDays, work.broughtDays],
      ["of a press outlasts the press", seconds(storage.oneClickSeconds), days(work.pressDays)],
      ["of an answer in words outlasts the answer", seconds(storage.answeringSeconds), days(work.answerDays)],
      ["in the making outlasts the answer's last try", work.longestDeliveryMilliseconds, days(work.partialDays)],
      ["of old cancellations outlasts the answer's last try", work.longestDeliveryMilliseconds, days(work.cancelDays)],
      ["of before outlasts the answer's last try", work.longestDeliveryMilliseconds, days(work.movedDays)],
      ["to draw from is looked at more than once", work.inputDays, work.longestInputDays],
    ],
  ],
  [
    "an http request",
    [
      ["has its head before its body", web.headersLimitMilliseconds, web.requestLimitMilliseconds],
      ["is over before its connection is idle", web.requestLimitMilliseconds, web.idleLimitMilliseconds],
      ["that is late is seen", web.checkMilliseconds, web.headersLimitMilliseconds],
      ["of the edit page is read before http gives it up", web.bodyLimitMilliseconds, web.requestLimitMilliseconds],
    ],
  ],
  [
    "an event of Discord's",
    [
      ["is acknowledged though storage is read first", discord.readLimitMilliseconds, DISCORD.acknowledge],
      ["is acknowledged though it is noted first", discord.noteLimitMilliseconds, DISCORD.acknowledge],
      [
        "is acknowledged by a second try as well",
        discord.firstAnswerMilliseconds + discord.firstAnswerPauseMilliseconds,
        DISCORD.acknowledge,
      ],
      ["that is acknowledged late is known to be", DISCORD.acknowledge, discord.firstAnswerLimitMilliseconds],
      ["is known to Discord once it is answered", discord.firstAnswerLimitMilliseconds, discord.youngMilliseconds],
      [
        "gives its waiting message up before the job starts by itself",
        discord.waitingMessageLimitMilliseconds,
        ask.startsByItselfMilliseconds,
      ],
      [
        "whose first answer and waiting message are rate limited waits for that",
        seconds(discord.inPlaceSeconds),
        discord.waitingMessageLimitMilliseconds,
      ],
      [
        "that may be a job hears of a fault after the job was looked for",
        ask.acceptLimitMilliseconds + ask.doubtLimitMilliseconds,
        discord.tellInDoubtMilliseconds,
      ],
      [
        "that may be a job hears of a fault well before its ticket comes up",
        2 * discord.tellInDoubtMilliseconds,
        seconds(jobs.holdSeconds),
      ],
      ["is answered as long as its key opens", discord.tellMilliseconds, DISCORD.token],
      ["is answered by all tries before its key closes", sum(discord.tellPausesMilliseconds), discord.tellMilliseconds],
      ["hears of a cancellation what came of it", ask.outcomeMilliseconds, discord.cancelLimitMilliseconds],
      ["that is composed for long is answered with its key", discord.composeLimitMilliseconds, DISCORD.token],
      ["that was deleted is answered with its key", discord.deleteLimitMilliseconds, DISCORD.token],
    ],
  ],
  [
    "an answer on Discord",
    [
      ["is tried by its key a little longer than it opens, for clocks that differ", DISCORD.token, TOKEN_MILLISECONDS],
      ["takes the last way after the key has closed", TOKEN_MILLISECONDS, discord.lastResortMilliseconds],
      ["takes the last way before it is given up", discord.lastResortMilliseconds, work.longestRefusalMilliseconds],
      ["leaves a way that has trouble before the last", discord.lastingMilliseconds, discord.lastResortMilliseconds],
      ["is sent in the time of one try", discord.deliveryLimitMilliseconds, work.sendLimitMilliseconds + 1],
      ["is sent after what waits", discord.progressLimitMilliseconds, discord.deliveryLimitMilliseconds],
      ["uploads in the time of one call", discord.requestLimitMilliseconds, discord.callLimitMilliseconds],
      ["makes one call in the time of one try", discord.callLimitMilliseconds, discord.deliveryLimitMilliseconds],
      ["is tried again with growing pauses", discord.troubleSeconds, discord.refusedSeconds],
      ["is tried again before the core would", discord.refusedSeconds, discord.longestPauseSeconds],
      ["is put off for no longer than any platform puts it off", LONGEST_WAIT_SECONDS, work.longestAskedPauseSeconds],
      ["takes another way when the wait is long", discord.longWaitSeconds, LONGEST_WAIT_SECONDS],
    ],
  ],
  [
    "Discord's gateway",
    [
      [
        "begins fewer sessions in a day than cost the token",
        days(1) / (discord.longestConnectPauseMilliseconds * 0.8),
        DISCORD.sessions,
      ],
      ["is tried again with growing pauses", discord.connectPauseMilliseconds, discord.longestConnectPauseMilliseconds],
      ["is tried before it counts as stuck", discord.longestConnectPauseMilliseconds, discord.stuckMilliseconds],
      ["is looked at before it counts as stuck", discord.connectedLookMilliseconds, discord.stuckMilliseconds],
      [
        "is tried with a refused token more and more rarely",
        discord.probeMilliseconds,
        discord.longestProbeMilliseconds,
      ],
      ["lets answers under way end", discord.finishLimitMilliseconds, discord.stopLimitMilliseconds],
      ["is closed before the work ends", discord.stopLimitMilliseconds, work.stopMilliseconds],
    ],
  ],
  [
    "a turn of Teams",
    [
      ["is over before Teams delivers it again", teams.messageLimitMilliseconds, TEAMS.turn],
      ["has its token checked in time", teams.keysWaitLimitMilliseconds, teams.messageLimitMilliseconds],
      [
        "looks as long as the core does whether a job was written",
        ask.doubtLimitMilliseconds - 1,
        teams.doubtMilliseconds,
      ],
      [
        "has time left to say what came of it",
        teams.acceptLimitMilliseconds + teams.doubtMilliseconds + teams.answerMilliseconds,
        teams.messageLimitMilliseconds + 1,
      ],
      [
        "gives its waiting message up before the job starts by itself",
        teams.waitingMessageLimitMilliseconds,
        ask.startsByItselfMilliseconds,
      ],
      [
        "has its waiting message looked after when that is late",
        teams.lateLimitMilliseconds,
        ask.longestLateMilliseconds,
      ],
      ["is not yet over for whoever answers first", teams.messageLimitMilliseconds, seconds(storage.answeringSeconds)],
      ["is over for whoever answers first before it is delivered again", seconds(storage.answeringSeconds), TEAMS.turn],
      ["is waited for when the process stops", teams.waitingMessageLimitMilliseconds, teams.finishLimitMilliseconds],
      ["is over before the work ends", teams.finishLimitMilliseconds, work.stopMilliseconds],
    ],
  ],
  [
    "a press on Teams",
    [
      ["is answered on a busy machine too", teams.invokeLimitMilliseconds + 700, TEAMS.invoke],
      ["is read in time", teams.readLimitMilliseconds, teams.invokeLimitMilliseconds],
      ["on an inserted card is read in time", teams.insertedLimitMilliseconds, teams.invokeLimitMilliseconds],
      ["to delete is taken in time", teams.deleteLimitMilliseconds, teams.invokeLimitMilliseconds],
      ["to cancel hears what came of it", ask.outcomeMilliseconds, teams.invokeLimitMilliseconds],
      ["says in time that a list comes", teams.listWordMilliseconds, teams.invokeLimitMilliseconds],
      [
        "shows its card before the job starts by itself",
        2 * teams.cardHeadStartMilliseconds,
        ask.startsByItselfMilliseconds,
      ],
    ],
  ],
  [
    "an answer on Teams",
    [
      ["is sent in the time of one try", teams.deliveryLimitMilliseconds, work.sendLimitMilliseconds],
      ["is sent after what waits", teams.progressLimitMilliseconds, teams.deliveryLimitMilliseconds],
      [
        "of a board begins no try where the call may not end",
        teams.boardLimitMilliseconds,
        teams.boardCallLimitMilliseconds,
      ],
      [
        "of a board is over while the session is held",
        teams.boardCallLimitMilliseconds,
        teams.deliveryLimitMilliseconds,
      ],
      ["makes one call in the time of one delivery", teams.tryLimitMilliseconds, teams.deliveryLimitMilliseconds],
      ["backs off with growing pauses", teams.backOffSeconds, teams.longestBackOffSeconds],
      ["backs off in place", teams.longestBackOffSeconds, teams.longestWaitInPlaceSeconds],
      [
        "is put off for no longer than any platform puts it off",
        teams.longestLaterSeconds,
        work.longestAskedPauseSeconds,
      ],
      ["comes with a token that does not end on the way", teams.tryLimitMilliseconds, seconds(teams.beforeEndSeconds)],
      ["comes with a token that is renewed", teams.beforeEndSeconds, teams.longestUseSeconds],
      ["asks for a token with bounded pauses", teams.loginPauseSeconds, teams.longestLoginPauseSeconds],
    ],
  ],
  [
    "Microsoft's keys",
    [
      ["are looked for in the time of whoever waits", teams.keysLimitMilliseconds, teams.keysWaitLimitMilliseconds + 1],
      ["hold longer than they are fresh", teams.keysFreshMilliseconds, teams.keysUsableMilliseconds],
      ["are looked for again after a look that failed", teams.keysPauseMilliseconds, teams.unknownKeyMilliseconds],
    ],
  ],
  [
    "a late waiting message",
    [
      ["is looked after soon, then regularly", Math.max(...ask.latePausesMilliseconds), ask.lateMilliseconds],
      ["is looked after more than once", ask.lateMilliseconds, ask.longestLateMilliseconds],
    ],
  ],
])("%s", (_, relations) => {
  it.each(relations)("%s", (_sentence, shorter, longer) => expect(shorter).toBeLessThan(longer));
});

it("tells the time that has passed more and more rarely", () => {
  const gaps = work.toldAfterSeconds.map((told, index) => told - (work.toldAfterSeconds[index - 1] ?? 0));
  expect(gaps.every((gap, index) => gap >= (gaps[index - 1] ?? 0) || index === 0)).toBe(true);
});

it("a tenth is a tenth, but for holds, limits of others and days", () => {
  const short = tenth(TIMES);
  expect(short.jobs).toMatchObject({ holdSeconds: 30, lookAgainSeconds: 0.3, lookTryMilliseconds: 750 });
  expect(short.storage.fewPausesMilliseconds).toEqual([30, 100]);
  const { holdSeconds, renewalMilliseconds, renewalTryMilliseconds } = SHORT_HOLD;
  expect(2 * renewalMilliseconds + renewalTryMilliseconds).toBeLessThan(seconds(holdSeconds));
  expect(short.ask).toMatchObject({ acceptLimitMilliseconds: 2000, doubtLimitMilliseconds: 1500 });
  expect(short.work).toMatchObject({ sendLimitMilliseconds: 12_000, draftDays: 1 });
});
