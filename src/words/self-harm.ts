/**
 * Turns of phrase that speak of harming oneself, whole words, in the languages that could be checked: English, German, French,
 * Spanish, and single words of a few more. Narrow on purpose: "killing time" and "a suicide squad" are none of them.
 */
const PHRASES = [
  // English
  "(?<!stage |mock )suicid(?:e|es|al)(?! squad| note prop| squeeze)",
  "(?:kill|killing|killed|kills|hang|hanging|hanged|hung|hurt|hurting|hurts|harm|harming|harms|cut|cutting|cuts|drown|drowning|starve|starving|mutilate|mutilating) (?:myself|himself|herself|themselves|themself|yourself)",
  "self[- ]?(?:harm|harming|injury|injuring|mutilation|mutilating)",
  "(?:cut|cutting|cuts|slit|slitting|slits|slashing|slashed) (?:my|his|her|their|your) (?:own )?(?:wrist|wrists|arms|arm|thighs)",
  "(?:end|ending|ends|take|taking|takes|took) (?:my|his|her|their|your) own (?:life|lives)",
  "(?:end|ending) my life",
  "(?:want|wants|wanted|wish) to die|wanna die|(?:do not|don.?t|no longer) want to (?:live|be alive)",
  // German
  "selbstm(?:ord|orde|ordes|örder|örderin)|suizid\\w*|freitod|zelfmoord",
  "selbst ?(?:verletz|verstümmel|tötung)\\w*",
  "(?:mich|sich|dich)(?: selbst| selber)? (?:umbring|umzubring|erhäng|erschieß|ritz|verletz|vergift|töt)\\w*",
  "(?:bring|bringe|bringt|bringst) (?:mich|sich|dich)(?: selbst)? um|ritze? mich|ritzt sich|erhängt sich|erhänge mich",
  "(?:mir|sich|dir) das leben (?:nehmen|nimmt|genommen|zu nehmen)|(?:nehme|nimmt|nehm) (?:mir|sich) das leben",
  "(?:will|möchte|wollte) (?:ich )?(?:nur noch |einfach )?(?:sterben|nicht mehr leben)|nicht mehr leben (?:will|möchte)|sterben (?:will|möchte)",
  // French
  "suicid\\w*|auto-?mutil\\w*",
  "(?:me|se|te) (?:tuer|pendre|noyer|mutiler|scarifier|couper les veines)(?! (?:au|à|pour))",
  "(?:m.|s.)(?:ouvrir les veines|ôter la vie|enlever la vie)",
  "mettre fin à (?:mes|ses|tes) jours|(?:envie de|veux|voudrais) mourir|(?:plus|pas) envie de vivre|ne veux plus vivre",
  // Spanish, and what Italian and Portuguese share with it
  "(?<!escuadrón )suicíd\\w*",
  "(?:matarme|matarse|ahorcarme|ahorcarse|suicidarme|quitarme la vida|quitarse la vida|hacerme daño|autolesi\\w*|autoles(?:ion|ión)\\w*)",
  "(?:me quiero|quiero) (?:matarme|morir|morirme)|me quiero matar|no quiero (?:vivir|seguir viviendo)|cortar(?:me|se) (?:las venas|los brazos|las muñecas)",
];

const EXPRESSION = new RegExp(`(?<![\\p{L}\\p{N}])(?:${PHRASES.join("|")})(?![\\p{L}\\p{N}])`, "u");

export function speaksOfSelfHarm(words: string): boolean {
  const folded = words.normalize("NFKC").toLowerCase().replaceAll(/[’`´]/g, "'").replaceAll(/\s+/g, " ");
  // Where a film or a phrase takes these words for something else, it is named in full.
  return EXPRESSION.test(folded.replaceAll(/suicide squad|escuadrón suicida|brigade suicide/g, ""));
}
