/** What a model that helps with words has written, and says so; and what is made of sketches. */
export const ideas = {
  suggestions: {
    ask: "Suggest other words",
    title: "Other words for it",
    intro: "An AI model wrote these. Nothing is drawn until you pick one.",
    number: ({ number }: { number: number }) => `Suggestion ${number}`,
    draw: ({ number }: { number: number }) => `Draw ${number}`,
    none: "I found no other words for this one that would pass. You can still change yours with Revise.",
    silent: "I could not think of other words just now. Please press it again in a moment.",
    gone: "These suggestions are too old to be drawn. Ask for new ones under the message that could not be drawn.",
  },
  descriptions: {
    title: "What this picture shows",
    intro: "An AI model looked at it, and may be wrong.",
    words: "In words to draw from",
    alternative: "Alternative text, for people who cannot see it",
    draw: "Draw from these words",
    refused: "I cannot describe this one: a safety filter held the description back.",
    silent: "I could not look at the picture just now. Please try it again in a moment.",
    gone: "This description is no longer kept. Have the picture described once more, and draw from that.",
    notHere: "Nobody has set up a model here that describes pictures. Whoever runs this installation can add one.",
    noPicture:
      "Send a picture along with [describe], and I say what it shows. For a picture of mine, press More… under it.",
  },
  sketches: {
    title: "Draw from this sketch",
    label: "What is it to become?",
    explanation: "Its layout stays. You get three pictures of it. You may leave this empty.",
    placeholder: "for example: a cosy bookshop, as a watercolour",
    /** In place of the words of who says nothing. */
    usualWords: "What the sketch shows",
    noPicture: "Send a photo of the sketch along with [sketch], and say what it is to become, if you like.",
    origin: "Drawn from a sketch",
    gone: "This sketch has been waiting for too long. Please begin with it once more.",
  },
};
