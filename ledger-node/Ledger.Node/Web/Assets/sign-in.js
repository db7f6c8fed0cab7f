// Signing in and out: the key is unlocked here, signs a pass that is good once and for a minute, and the pass is posted for a session.
import { openKeyFile } from './keyfile.js';
import { sessionPass } from './transaction.js';
import { forget, keep } from './keep.js';

const unlock = document.getElementById('unlock');
if (unlock) {
  const words = JSON.parse(unlock.dataset.words);
  const says = document.getElementById('unlock-says');
  const tell = (sentence, tone) => {
    says.textContent = sentence;
    says.className = tone;
  };
  if (!globalThis.crypto?.subtle) tell(words.noWebCrypto, 'bad-text');
  unlock.addEventListener('submit', async event => {
    event.preventDefault();
    const password = document.getElementById('key-password');
    const button = unlock.querySelector('button');
    button.disabled = true;
    tell(words.unlocking, '');
    try {
      const opened = await openKeyFile(await document.getElementById('key-file').files[0].text(), password.value);
      password.value = '';
      const answer = await fetch('/session', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: await sessionPass(opened, unlock.dataset.chain, unlock.dataset.node, document.getElementById('key-behalf').value.trim()) });
      if (!answer.ok) {
        const problem = await answer.json();
        tell(`${problem.code} ${document.documentElement.lang.startsWith('zh') ? problem.detailZh : problem.detail}`, 'bad-text');
        return;
      }
      await keep(unlock.dataset.chain, opened);
      tell(words.unlocked.replace('{0}', opened.kid), 'good-text');
      location.assign('/todo');
    } catch (problem) {
      tell(words[problem.reason] ?? words.failed, 'bad-text');
    } finally {
      button.disabled = false;
    }
  });
}

document.getElementById('sign-out')?.addEventListener('submit', async event => {
  event.preventDefault();
  const form = event.target;
  await forget();
  form.submit();
});
