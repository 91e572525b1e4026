/** A brainstorm on Teams, where that differs from Discord. */
export const teamsBoard = {
  /** Above a row of numbers. */
  votes: ({ label }: { label: string }) => `${label}: press a number, and once more to take it back`,
  /** Beside a field of a form, by the client, before it sends anything. */
  fillIn: "Please fill this in.",
  pickOne: "Please pick one.",
};
