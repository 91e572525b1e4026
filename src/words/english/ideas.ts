/** What a model that helps with words has written, and says so. */
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
};
