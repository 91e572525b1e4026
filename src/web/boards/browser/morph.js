/**
 * Makes `old` like `next` and leaves alone what is the same: pictures do not flash, focus and what is selected stay. Parts with
 * an id are known by it wherever they stand.
 */
export function morph(old, next) {
  const known = new Map([...old.children].filter(({ id }) => id).map((child) => [child.id, child]));
  let at = old.firstChild;
  let following = next.firstChild;
  while (following) {
    const wanted = following;
    following = wanted.nextSibling;
    const present = wanted.id ? known.get(wanted.id) : at && !at.id && isOfOneKind(at, wanted) ? at : undefined;
    if (present && present === at) at = at.nextSibling;
    else old.insertBefore(present ?? wanted, at);
    if (present) update(present, wanted);
  }
  while (at) {
    const outdated = at;
    at = at.nextSibling;
    outdated.remove();
  }
}

function isOfOneKind(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName;
}

function update(old, next) {
  if (old.isEqualNode(next)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = next.nodeValue;
    return;
  }
  for (const name of old.getAttributeNames()) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  morph(old, next);
}
