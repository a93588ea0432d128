/** All steps, in their order: each stands on those before it. */
import { addService } from './add-service.js';
import { argo } from './argo.js';
import { authority } from './authority.js';
import { cable, cableStores } from './cable.js';
import { district } from './district.js';
import { flows } from './flows.js';
import { helmTest } from './helm-test.js';
import { install } from './install.js';
import { kills } from './kills.js';
import { memory } from './memory.js';
import { moveDatabase } from './move-database.js';
import { registry } from './registry.js';
import { reinstall } from './reinstall.js';
import { restore } from './restore.js';
import { rotation } from './rotation.js';
import { route } from './route.js';
import { scale } from './scale.js';
import { tour, trace } from './tour.js';
import { upgrade } from './upgrade.js';

/**
 * @typedef {object} Step
 * @property {string} id      claims of the charts' READMEs name it
 * @property {string} vi
 * @property {string} en
 * @property {(stage: import('../stage.js').Stage) => Promise<Record<string, number | string> | undefined>} run answers what was measured, nothing where only the lab can show it; throws when it is not so
 */

/** What a change must not break: `.ci/run` asks for these. @type {readonly Step[]} */
export const CORE = [install, helmTest, tour, trace, memory, flows, route, kills, cable, reinstall, restore, upgrade, cableStores];

/** What an operator does from time to time. @type {readonly Step[]} */
export const DAY_TWO = [scale, rotation, moveDatabase, addService, authority, district, argo, registry];

export const STEPS = [...CORE, ...DAY_TWO];
