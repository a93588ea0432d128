import { definePermission } from '@quan-so/contract';

export const REFERENCE_READ = definePermission('reference.read', { vi: 'Xem danh mục và đề xuất thay đổi danh mục', en: 'Read reference data and proposals to change it' });
export const REFERENCE_PROPOSE = definePermission('reference.propose', { vi: 'Đề xuất thay đổi danh mục', en: 'Propose a change of reference data' });
export const REFERENCE_PUBLISH = definePermission('reference.publish', { vi: 'Công bố danh mục do người khác đề xuất', en: 'Publish reference data that somebody else proposed' });
export const DATASET_READ = definePermission('dataset.read', { vi: 'Đọc kho dữ liệu dùng chung', en: 'Read the shared data warehouse' });

export const dataPermissions = [REFERENCE_READ, REFERENCE_PROPOSE, REFERENCE_PUBLISH, DATASET_READ] as const;
