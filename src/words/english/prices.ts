/** “16 cents”, rounded as `round` does. Of less than a cent a half is said. */
function amount(dollars: number, round: (cents: number) => number): string {
  const cents = dollars * 100;
  if (cents <= 0) return "nothing";
  const halves = round(cents * 2 - 1e-9);
  if (halves <= 1) return cents < 0.25 ? "less than a quarter of a cent" : "half a cent";
  const whole = round(cents - 1e-9);
  if (whole < 100) return whole <= 1 ? "1 cent" : `${whole} cents`;
  return `${(whole / 100).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })} dollars`;
}

/** Amounts, to stand inside a sentence. */
export const prices = {
  about: ({ dollars }: { dollars: number }) => {
    const said = amount(dollars, Math.round);
    return /^(nothing|less)/.test(said) ? said : `about ${said}`;
  },
  cost: "Cost",
  /** A choice, or a button, with its price. */
  of: ({ name, price }: { name: string; price: string }) => `${name} (${price})`,
  ofSeveral: ({ name, price, count }: { name: string; price: string; count: number }) =>
    `${name} (${count} for ${price})`,
  atMost: ({ dollars }: { dollars: number }) => {
    const said = amount(dollars, Math.ceil);
    return /^(nothing|less)/.test(said) ? said : `at most ${said}`;
  },
};
