import { DATABASE, LOG, POD, READY, ROLLBACK, type Alert } from './alert.js';

const requests = (more = ''): string => `sum by (service) (rate(quanso_http_requests_total{${more}}[10m]))`;

export const requestAlerts: readonly Alert[] = [
  {
    name: 'QuanSoReadsFail',
    ...{ severity: 'ticket', for: '10m' },
    expr: `${requests('kind=~"read|list",status="5xx"')} / ${requests('kind=~"read|list",status!="gone"')} > 0.05 and on (service) sum by (service) (increase(quanso_http_requests_total{kind=~"read|list",status="5xx"}[10m])) >= 5`,
    title: { vi: 'Hơn 5 % lượt xem hỏng vì lỗi của hệ thống', en: 'More than 5 % of reads fail for a reason of ours' },
    means: { vi: 'Xem và tra cứu trả lời 5xx. Mỗi lượt xem dữ liệu cá nhân ghi một dòng truy cập trước khi trả lời, nên cơ sở dữ liệu không ghi được thì xem cũng hỏng.', en: 'Reads answer 5xx. A read of personal data writes its access entry first, so a database that cannot write fails reads too.' },
    notice: { vi: 'Danh sách, hồ sơ không mở được hoặc lúc được lúc không.', en: 'Lists and dossiers do not open, or only at times.' },
    look: [READY, LOG],
    act: [ROLLBACK, DATABASE],
    over: { vi: 'Dưới 5 % trong 10 phút.', en: 'Below 5 % for 10 minutes.' },
  },
  {
    name: 'QuanSoAnswersSlow',
    ...{ severity: 'ticket', for: '15m' },
    expr: 'histogram_quantile(0.95, sum by (service, le) (rate(quanso_http_request_duration_seconds_bucket{kind!="none"}[10m]))) > 1',
    title: { vi: 'Một phần hai mươi câu trả lời lâu hơn một giây', en: 'One answer of twenty takes over a second' },
    means: { vi: 'Bình thường câu trả lời mất vài mili giây; một giây là người dùng thấy chậm.', en: 'Answers take milliseconds as a rule; a second is felt.' },
    notice: { vi: 'Màn hình quay lâu, người dân đứng chờ ở quầy.', en: 'Screens turn, people wait at the counter.' },
    look: [{ vi: 'Bảng "Yêu cầu": thao tác nào chậm; vết chậm nhất của nó (Zipkin): đoạn sql nào lâu.', en: 'Dashboard "requests": which operation; its slowest traces (Zipkin): which sql takes long.' }, { vi: 'Bảng "Nền": kết nối cơ sở dữ liệu có người chờ, vòng lặp trễ.', en: 'Dashboard "ground": connections waited for, late event loop.' }],
    act: [DATABASE, ROLLBACK, { vi: 'Pod chạm trần bộ xử lý của nút: thêm bản (replicas, autoscaling).', en: 'The node has no processor left: more pods (replicas, autoscaling).' }],
    over: { vi: 'Phân vị 95 dưới một giây.', en: 'The 95th percentile is below a second.' },
  },
  {
    name: 'QuanSoRequestsShed',
    ...{ severity: 'ticket', for: '10m' },
    expr: `sum by (service) (rate(quanso_http_shed_total{reason="room"}[10m])) / ${requests()} > 0.01`,
    title: { vi: 'Hơn 1 % yêu cầu bị từ chối vì quá tải', en: 'More than 1 % of requests are turned away: overload' },
    means: { vi: 'Cửa chỉ nhận số yêu cầu mà dịch vụ kịp trả lời; phần thừa nhận 503 và được mời quay lại. Đó là bảo vệ, không phải hỏng, nhưng kéo dài là thiếu sức.', en: 'The door lets in what can be answered in time; the rest gets 503 and is asked to come again. A protection, not a fault; when it lasts, there is too little of something.' },
    notice: { vi: 'Một số thao tác phải gửi lại; chương trình của ta tự gửi lại.', en: 'Some acts have to be sent again; our own programs do it by themselves.' },
    look: [{ vi: 'Ai gọi nhiều: nhật ký và vết theo quanso.client.', en: 'Who calls so much: traces by quanso.client.' }, { vi: 'Bảng "Nền": kết nối, vòng lặp, bộ nhớ.', en: 'Dashboard "ground": connections, loop, memory.' }],
    act: [{ vi: 'Thêm bản (replicas, autoscaling) khi bộ xử lý là giới hạn.', en: 'More pods (replicas, autoscaling) when the processor is the limit.' }, DATABASE, { vi: 'Một hệ thống gọi quá mức: hạ hạn mức của nó, báo đơn vị chủ quản.', en: 'One system calls too much: lower its quota, tell its owner.' }],
    over: { vi: 'Dưới 1 % trong 10 phút.', en: 'Below 1 % for 10 minutes.' },
  },
  {
    name: 'QuanSoNotReady',
    ...{ severity: 'page', for: '1m' },
    expr: 'max by (service) (quanso_health{part="ready"}) == 0',
    title: { vi: 'Không bản nào của dịch vụ sẵn sàng', en: 'No pod of the service is ready' },
    means: { vi: 'Mọi bản đang chạy đều tự thấy không trả lời được; cổng không chuyển yêu cầu tới nữa.', en: 'Every pod that runs finds itself unable to answer; the gateway sends nothing there.' },
    notice: { vi: 'Mọi màn hình của dịch vụ này báo lỗi. Dịch vụ khác vẫn chạy.', en: 'Every screen of this service shows an error. Other services go on.' },
    look: [READY, POD, LOG],
    act: [DATABASE, ROLLBACK],
    over: { vi: 'Ít nhất một bản sẵn sàng.', en: 'One pod at least is ready.' },
  },
];
