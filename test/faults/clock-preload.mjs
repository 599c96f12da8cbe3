/** Makes the wall clock step, two seconds after the start and every two seconds: forth an hour, back a day, right again. */
const now = Date.now.bind(Date);
const STEPS = [0, 3_600_000, -86_400_000];
const startedAt = now();
Date.now = () => now() + (STEPS[Math.floor((now() - startedAt) / 2_000) % STEPS.length] ?? 0);
