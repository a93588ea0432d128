/** What is handed in at the counter, the same in every scene. @param {number} n */
export function received(n) {
  return {
    procedure: '1.013225',
    case: 'separate-house',
    channel: 'counter',
    summary: `Xây nhà ở riêng lẻ tại thửa ${n}, tờ bản đồ số 3, khu phố 2`,
    applicant: { kind: 'citizen', name: `Nguyễn Thị Đặng Thử ${n}`, personalNumber: '999190000010', phone: '0900000000', address: 'Tổ 3, phường Sao Mai 1' },
    papers: [
      { name: 'Đơn đề nghị cấp giấy phép xây dựng', originals: 1, copies: 1 },
      { name: 'Giấy chứng nhận quyền sử dụng đất', originals: 0, copies: 1 },
      { name: 'Bản vẽ thiết kế xây dựng', originals: 2, copies: 0 },
    ],
  };
}
