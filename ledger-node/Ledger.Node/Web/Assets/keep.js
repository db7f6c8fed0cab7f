// Keeps the unlocked key from page to page: a CryptoKey that cannot be exported, in this browser's IndexedDB, until sign-out, half an hour without
// use or eight hours. Whoever sits at this browser within that time can sign with it, and cannot take it away.

const idle = 30 * 60 * 1000;
const longest = 8 * 60 * 60 * 1000;

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open('ledger', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('keys');
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, act) {
  const store = await open();
  try {
    return await new Promise((resolve, reject) => {
      const change = store.transaction('keys', mode);
      const asked = act(change.objectStore('keys'));
      change.oncomplete = () => resolve(asked.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  } finally {
    store.close();
  }
}

export async function keep(chain, { kid, key }) {
  const now = Date.now();
  await within('readwrite', keys => keys.put({ chain, kid, key, since: now, used: now }, 'signing'));
}

/** The key of this chain that was unlocked last, or null; what has run out is forgotten at once. */
export async function kept(chain) {
  const found = await within('readonly', keys => keys.get('signing'));
  if (!found) return null;
  const now = Date.now();
  if (found.chain !== chain || now - found.used > idle || now - found.since > longest || now < found.used) {
    await forget();
    return null;
  }
  await within('readwrite', keys => keys.put({ ...found, used: now }, 'signing'));
  return { kid: found.kid, key: found.key };
}

export const forget = () => within('readwrite', keys => keys.delete('signing'));
