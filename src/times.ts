export const DAY_MILLISECONDS = 86_400_000;

/**
 * All of the core's times, one value a room: how long is held, waited, rested and kept. A name that ends in `Limit` is how long
 * somebody else may take; mostly it is not reached. What the values owe each other, and what the platforms leave us, is
 * written down in `test/times.test.ts`. Handed along as `settings.times`, and as `azure.times` where storage is all that is known.
 */
export const TIMES = {
  /** The end of the process. What stops one waits 30 s at most before it kills, and often less. */
  process: {
    /** From the signal to the end, whatever hangs. */
    lastResortMilliseconds: 14_000,
    httpStopLimitMilliseconds: 1500,
  },

  storage: {
    /** The SDKs' own repeats. Their own pauses would add up to 16 s, which no chat turn can wait for. */
    sdkPauseMilliseconds: 300,
    longestSdkPauseMilliseconds: 2000,
    /** Between the tries of what a person waits for. */
    fewPausesMilliseconds: [300, 1000],
    /** Between the tries of what cannot be given up; each is twice as long as the one before. */
    pauseMilliseconds: 500,
    longestPauseMilliseconds: 15_000,
    /** Whoever waits for storage for so long is told. */
    heardMilliseconds: 15_000,
    /** One operation. Longer than a picture's upload takes, and than a turn at the image service is waited for in place. */
    operationLimitMilliseconds: 90_000,
    smallBlobLimitMilliseconds: 45_000,
    pictureLimitMilliseconds: 120_000,
    /** A file that was made for one person can be opened by its address for so long. */
    exportMilliseconds: 900_000,
    /** A picture that was just stored is not read back for the message that shows it. */
    inHandMilliseconds: 20_000,
    /** Clicks within this are one: people press again when nothing seems to happen. Later ones are meant. */
    oneClickSeconds: 5,
    /** By then a press has become a job, or never will. Storage tells its times in whole seconds. */
    takenSeconds: 2,
    /** Whoever is the first to answer in words is not at it any more: a turn of Teams does not last so long. */
    answeringSeconds: 13.5,
    firstLimitMilliseconds: 3000,
    settleLimitMilliseconds: 1500,
    /** What the process needs is looked for again; each pause is twice as long as the one before. */
    reachPauseMilliseconds: 1000,
    longestReachPauseMilliseconds: 30_000,
    reachLimitMilliseconds: 10_000,
    /** The same fault is said again after so long, then more and more rarely. */
    quietMilliseconds: 5000,
    longestQuietMilliseconds: 600_000,
  },

  images: {
    /** A token that is not there within this time never comes: the metadata address can stay silent for minutes. */
    tokenLimitMilliseconds: 15_000,
    /** Azure's silence before a stream is taken for dead; partial pictures of a slow drawing come more often. */
    stallLimitMilliseconds: 130_000,
    /** A small picture of low or medium quality; and any other. */
    quickCallLimitMilliseconds: 180_000,
    callLimitMilliseconds: 600_000,
    /** A picture that came as an address: one try, and the pause before the next, once more as long each time. */
    fetchLimitMilliseconds: 30_000,
    fetchPauseMilliseconds: 1000,
    /** A wait up to that is waited for by the worker itself. */
    longestWaitInPlaceSeconds: 30,
    /** Longer than this nobody is left waiting for a turn: the answer is an apology. */
    longestWaitSeconds: 900,
    /** How long a door stays closed, doubled each time. Whatever an answer asks for, nothing is closed for longer than the longest. */
    deploymentClosedMinutes: 5,
    resourceClosedMinutes: 15,
    longestClosedMinutes: 60,
    /** Somebody's call looks whether a door is open. Longer than the longest call and the wait before it. */
    probeMinutes: 11,
    /** Others look again so often whether a probe has opened the door. */
    probedAgainSeconds: 20,
    /** The clocks of replicas differ by that at most; what lies further ahead than any of us could have set it counts for nothing. */
    clockSeconds: 120,
  },

  /** The model that helps with words: whatever it does not say in time goes without it. */
  ideas: {
    callLimitMilliseconds: 8000,
    /** With a picture to look at. */
    pictureLimitMilliseconds: 20_000,
    /** One process asks; by then it has an answer, or died. Others look so often whether it has, and no longer than this. */
    askingSeconds: 22,
    lookMilliseconds: 400,
    patienceLimitMilliseconds: 24_000,
  },

  jobs: {
    /** How long a process that died keeps its jobs from the others. Renewed three times within it. */
    holdSeconds: 30,
    renewalMilliseconds: 10_000,
    renewalTryMilliseconds: 7500,
    /** A look at a record that this process holds, between two renewals. */
    lookTryMilliseconds: 7500,
    ticketLimitMilliseconds: 30_000,
    /** Of several requests at once the earlier ones are in line by then. */
    givenMilliseconds: 10_000,
    /** After an outage whoever could not renew a hold has renewed it within this; until then its ticket is left for so long. */
    returnMilliseconds: 30_000,
    lookAgainSeconds: 3,
    /** A record that nobody has written for so long has lost its ticket, as after somebody cleared the queue. */
    strandedMilliseconds: 2 * 3_600_000,
    /** As long as Discord lets an answer be put under what began it. */
    draftMilliseconds: 15 * 60_000,
    /** What stood beside a record until December 2026; and a replica of then that goes on adds to the lists of then. */
    besideLimitMilliseconds: 10_000,
    oldListMilliseconds: 600_000,
  },

  work: {
    /** Between two looks into the queue. */
    shortestPollMilliseconds: 200,
    longestPollMilliseconds: 1000,
    longestPollInOutageMilliseconds: 15_000,
    /** An answer with tickets that comes later finds nobody; they come back by themselves. */
    takeLimitMilliseconds: 10_000,
    /** What others wish of the jobs that are held here is looked for so often; one call about it. */
    wishesMilliseconds: 2000,
    wishLimitMilliseconds: 10_000,
    /** A job that broke off comes again, each time after twice as long. */
    breakPauseSeconds: 1,
    longestBreakPauseSeconds: 300,
    /** The room of that platform is full: the job goes back into the line for so long. */
    fullSeconds: 5,

    /** After a stop what waits for storage is left; some seconds later the rest is. */
    leaveMilliseconds: 10_000,
    stopMilliseconds: 12_000,
    /** Long enough for a call to storage, and short enough for the end of a process. */
    handBackLimitMilliseconds: 3000,

    /** A chat's host that stumbles is asked again after these pauses. */
    fetchPausesMilliseconds: [1000, 3000, 8000],
    fetchLimitMilliseconds: 60_000,
    /** A prompt filter answers within that: the first picture goes ahead alone, so that words that are refused cost one call and not four. */
    headStartMilliseconds: 5000,
    /** After a fault of the service's own; three times as long after the next. */
    faultPauseSeconds: 2,
    /** A rate limit that names no wait: one window of Azure's count, then double. */
    windowSeconds: 10,
    /** As long as the image service is out of reach nothing is sent or paid, so a job can wait. */
    outOfReachMilliseconds: 600_000,
    reachPauseSeconds: 1,
    longestReachPauseSeconds: 30,

    /** Platforms bear an edit every two or three seconds. */
    editPauseMilliseconds: 2700,
    /** Without a new picture to show, the time that has passed is told after so many seconds, and no more often. */
    toldAfterSeconds: [8, 20, 40, 70, 120, 180, 300, 450],
    /** An edit that hangs is waited for a little before the answer is told. */
    editLimitMilliseconds: 8000,
    /** While storage is away nothing new is shown. */
    partialLimitMilliseconds: 10_000,
    /** While storage stays away, that is said no more often. */
    awayMilliseconds: 60_000,
    /** Positions in line are looked at so often; one message is told a new one no more often than that. */
    positionsMilliseconds: 4000,
    positionToldMilliseconds: 10_000,

    /** One try to send, with all its uploads. */
    sendLimitMilliseconds: 120_000,
    /** When it is tried again where sending broke, where it came to no end, and where the platform is not set up in this process. */
    brokenAgainSeconds: 5,
    hangingAgainSeconds: 15,
    notSetUpAgainSeconds: 60,
    longestPauseSeconds: 300,
    /** However long a platform asks us to stay away. */
    longestAskedPauseSeconds: 3600,
    /** A platform that says no for so long, and not only has trouble, means it. */
    longestRefusalMilliseconds: 30 * 60_000,
    /** After that no chat message waits for its answer any more. */
    longestDeliveryMilliseconds: 24 * 3_600_000,

    /** Storage is looked through so often, for what is stranded and for what is old; one page of it, and what is shared. */
    sweepMilliseconds: 60_000,
    strandedLookMilliseconds: 3_600_000,
    sweepLimitMilliseconds: 60_000,
    shareLimitMilliseconds: 30_000,
    /** How old gets what nobody needs any more. */
    pressDays: 1,
    /** Copies of an event come within minutes. */
    answerDays: 2,
    /** A form that somebody has had on their screen for so long gives way once more. */
    formDays: 60,
    draftDays: 1,
    suggestionDays: 30,
    /** A code holds for a day; and which brainstorm a channel had last is of no use after a while. */
    codeDays: 2,
    sessionDays: 30,
    descriptionDays: 30,
    /** What somebody asked about what is kept of them: long done. The copy that was made of it goes as it was told. */
    askedDays: 30,
    copyDays: 7,
    cancelDays: 2,
    /** What a job was made from, unless a picture came of it; after the longer time nobody looks at it again. */
    inputDays: 1,
    longestInputDays: 30,
    /** Brought for a draft that was never saved. */
    broughtDays: 7,
    /** A picture in the making, of a process that died. */
    partialDays: 2,
    /** What a version of before wrote, beside this one perhaps, is moved after that. Longer than an answer is tried. */
    movedDays: 2,
    /** What was told of a model that ends is not told again while it lives. */
    alertDays: 120,
    /** A block counts for a day. */
    blockDays: 2,
    /** A list of somebody's pictures is for them and for now: looked at anew it is made anew. */
    sheetDays: 30,
    /** Of a file that was made for one person, which nobody can open any more. */
    exportDays: 1,
    /** What somebody typed into a form that could not be taken. */
    typedDays: 1,
  },

  purse: {
    /** Whom the filter has stopped, as all processes have noted it, is looked at so often; one call about it. */
    brakeLookMilliseconds: 20_000,
    brakeLimitMilliseconds: 10_000,
    /** Rules that were set in chat are looked at again, and so is the file of those that stand there. */
    rulesPauseMilliseconds: 10_000,
    rulesLimitMilliseconds: 5000,
    /** Whoever asks waits for the rules so long, and the ledger counts as out of reach after it. */
    admitLimitMilliseconds: 4000,
    filePauseMilliseconds: 2000,
    /** One transaction of the ledger, or one row of it: those that wait behind it go on after that. */
    tryLimitMilliseconds: 15_000,
    /** What is set aside without a job is given back after that: longer than any request takes to become one. */
    abandonedMilliseconds: 15 * 60_000,
    /** What a kill has left set aside is looked for so often; one page of it. */
    holdsMilliseconds: 300_000,
    holdsLimitMilliseconds: 30_000,
    /** An answer that stands waits for the ledger no longer before its job is left for the next look. */
    countLimitMilliseconds: 60_000,
    /** Nobody waits for the note of a call of the model for ideas. */
    noteLimitMilliseconds: 60_000,
  },

  styles: {
    /** What a process has read of a channel's own style counts for so long: another replica may have heard of another since. */
    knownMilliseconds: 60_000,
    ownLimitMilliseconds: 3000,
  },

  ask: {
    /** A chat turn waits for storage so long, unless the platform leaves less. */
    acceptLimitMilliseconds: 8000,
    /** And a little longer where it is not sure whether a job was written. */
    doubtLimitMilliseconds: 1500,
    /** A job starts by itself after this time, should nobody announce it. Longer than any waiting message is waited for. */
    startsByItselfMilliseconds: 15_000,
    /**
     * A waiting message that came late is looked after. Soon at first: a worker that was sending the answer just then knew
     * nothing of the message. Then regularly, until the answer is told or those who look after it have had enough.
     */
    latePausesMilliseconds: [0, 1000, 3000, 8000],
    lateMilliseconds: 20_000,
    longestLateMilliseconds: 20 * 60_000,
    addressLimitMilliseconds: 60_000,
    /** A cancellation that another process has to see to is waited for so long before the presser hears that it is asked for. */
    outcomeMilliseconds: 2500,
    outcomeLookMilliseconds: 250,
    /** Which cells were picked, for the next press. Nobody waits for it. */
    cellsLimitMilliseconds: 1700,
  },

  /** Telling whoever runs Easel. */
  alerts: {
    /** What comes within this is told in one message. */
    gatherMilliseconds: 700,
    /** Between two messages by one way, whatever comes; and between two tries, each twice as long as the one before. */
    messagePauseMilliseconds: 60_000,
    againMilliseconds: 15_000,
    longestAgainMilliseconds: 900_000,
    /** One message by one way, and one call to storage. */
    tellLimitMilliseconds: 15_000,
    callLimitMilliseconds: 10_000,
    /** One process tells; another takes over after so long. Longer than telling takes, with what it notes before and after. */
    holdSeconds: 60,
    /** What others have left behind is looked for so often. */
    lookMilliseconds: 60_000,
    /** What storage has not taken for so long is told without it, by each process that knows of it. */
    withoutStorageMilliseconds: 20_000,
    /** Storage that is out of reach for so long is worth a word; one that refuses, at once. */
    outOfReachMilliseconds: 120_000,
    /** Whether a model ends soon is looked at so often. */
    modelsMilliseconds: 6 * 3_600_000,
    /** From the end of the process on. */
    stopMilliseconds: 3000,
  },

  brainstorm: {
    /** Somebody who votes looks at a record that others have looked at within this; one read of it. */
    recentMilliseconds: 1000,
    readLimitMilliseconds: 8000,
    /** A vote that came while the votes are counted is looked after for so long. */
    countingLimitMilliseconds: 1500,
    countingLookMilliseconds: 150,
    /** A form of other words waits for those of a model; Discord takes a form only in the first seconds. */
    suggestionsMilliseconds: 1000,
    /** No event is later than now by more than what clocks differ. */
    clockMilliseconds: 5000,
    /** A round of drafts, where all has to end in time. */
    draftsMilliseconds: 180_000,
    /** A code that brings a board to another channel; and what it has left at least when it is told. */
    codeMilliseconds: 24 * 3_600_000,
    codeLeastMilliseconds: 3_600_000,
    /** Codes are typed in vain no more than ten times within this. */
    codeTriesMilliseconds: 60_000,
    /** What is only a courtesy. */
    noteLimitMilliseconds: 1500,
    /** Ideas are brought for so long before they are drawn; for more where the votes have more than their usual ten minutes. */
    gatherMilliseconds: 120_000,
    /** A session is looked after by one process at a time; how long one that died keeps it from the others. */
    holdSeconds: 30,
    renewalMilliseconds: 10_000,
    renewalTryMilliseconds: 7500,
    /** It is looked which sessions are due; one call about it. */
    pollMilliseconds: 2000,
    pollLimitMilliseconds: 10_000,
    /** A session that nobody has rung is looked at all the same: whoever should have rung may have died. */
    lookMilliseconds: 30_000,
    closedLookMilliseconds: 300_000,
    /** Between two looks at one session, however often it is rung. */
    lookPauseMilliseconds: 400,
    /** What has to wait no longer than that is waited for in place. */
    waitInPlaceMilliseconds: 4000,
    /** Rings of one session within this are written down once. */
    ringMilliseconds: 1000,
    ringLimitMilliseconds: 10_000,
    /** A vote shows on the board so much later: on Teams an edit takes away what its voter was told. */
    voteRingMilliseconds: 3000,
    /** A look that broke off, and an idea that storage did not take; the pause grows. */
    againMilliseconds: 3000,
    longestAgainMilliseconds: 300_000,
    /** A row without a record: whoever began has died over it, or is still at it. */
    missingMilliseconds: 600_000,
    /** A board is edited no more often; platforms bear an edit every two or three seconds. */
    editPauseMilliseconds: 2500,
    /** A platform that is slower is not waited for, but with its own board. */
    showPatienceMilliseconds: 3000,
    /** One edit, with all its uploads. */
    boardLimitMilliseconds: 25_000,
    /** A board that cannot be shown is tried again for so long after its session has ended. */
    longestTroubleMilliseconds: 24 * 3_600_000,
    /** One change of a session's record, or one look into it. */
    recordLimitMilliseconds: 15_000,
    /** Proposing directions. */
    directionsLimitMilliseconds: 12_000,
    /** Where a board can be changed for some minutes only, the votes end so long before. */
    lastWordMilliseconds: 30_000,
    /** A session ends by itself so long after its last round. */
    endsMilliseconds: 24 * 3_600_000,
    /** When the process is to end, boards that are being shown are waited for so long; and all that is held is handed back. */
    lastShowMilliseconds: 3000,
    handBackLimitMilliseconds: 10_000,
  },

  privacy: {
    /** What somebody asked for is looked for so often, and at once where it was asked; one call about it. */
    pollMilliseconds: 60_000,
    callLimitMilliseconds: 10_000,
    /** From a process that died with it, it is taken over after that. */
    holdMilliseconds: 15 * 60_000,
    /** Where pictures are on their way out, it is looked again so soon; what broke off is tried again after growing pauses. */
    againMilliseconds: 5000,
    longestAgainMilliseconds: 3_600_000,
    passLimitMilliseconds: 12 * 60_000,
    /** Between two looks for what is older than it is kept. */
    oldMilliseconds: 3_600_000,
    oldLimitMilliseconds: 1_800_000,
    /** Whoever asks for a copy or to be forgotten: a small copy is there by then. */
    patienceMilliseconds: 1500,
  },

  web: {
    /** Bodies are small and come at once; who says nothing, or takes nothing, is let go. */
    headersLimitMilliseconds: 15_000,
    requestLimitMilliseconds: 60_000,
    idleLimitMilliseconds: 120_000,
    checkMilliseconds: 5000,
    /** Answers under way may end. */
    stopLimitMilliseconds: 5000,
    /** What the process needs is asked whether it answers; whoever asks again soon gets the same answer. */
    readyLimitMilliseconds: 5000,
    readyMilliseconds: 5000,

    /** The edit page: a body, and an answer of storage. */
    bodyLimitMilliseconds: 20_000,
    storageLimitMilliseconds: 8000,
    /** A chat that takes longer gets the answer without a waiting message before it. */
    waitingMessageLimitMilliseconds: 10_000,

    /** A brainstorm that somebody watches: looked at so often, and when it is rung here no more often than that. */
    lookMilliseconds: 2000,
    joinedMilliseconds: 500,
    /** A sign of life to whoever watches, which proxies want; and when a page comes back whose connection was cut. */
    beatMilliseconds: 15_000,
    returnMilliseconds: 2000,
    /** Its slides: how long they may be written, and how long they are kept for whoever asks next. */
    slidesLimitMilliseconds: 60_000,
    slidesKeptMilliseconds: 600_000,
  },
};

export type Times = typeof TIMES;

/** Where a stand-in draws within seconds, a position that is ten seconds old is none any more. */
export const LOCAL_TIMES: Times = {
  ...TIMES,
  work: { ...TIMES.work, positionsMilliseconds: 1000, positionToldMilliseconds: 3000 },
};
