/** All steps, in their order: each stands on those before it. */
import { cable } from './cable.js';
import { flows } from './flows.js';
import { helmTest } from './helm-test.js';
import { install } from './install.js';
import { kills } from './kills.js';
import { memory } from './memory.js';
import { reinstall } from './reinstall.js';
import { restore } from './restore.js';
import { route } from './route.js';
import { tour, trace } from './tour.js';
import { upgrade } from './upgrade.js';

/**
 * @typedef {object} Step
 * @property {string} id      claims of the charts' READMEs name it
 * @property {string} vi
 * @property {string} en
 * @property {(stage: import('../stage.js').Stage) => Promise<Record<string, number | string>>} run answers what was measured, throws when it is not so
 */

/** @type {readonly Step[]} */
export const STEPS = [install, helmTest, tour, trace, memory, flows, route, upgrade, kills, cable, reinstall, restore];
