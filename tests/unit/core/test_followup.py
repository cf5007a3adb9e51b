"""A reporter's further message: does it say that somebody is in danger, or soon will be?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.triage.followup import pressing

PRESSING = [
    "Ông Tám vừa quay lại, tối nay 9 giờ đón 2 đứa ở bến xe",
    "ong tam vua quay lai toi nay 9h don 2 dua o ben xe",
    "mai nó chở con bé đi rồi",
    "họ sắp đưa mấy đứa qua biên giới",
    "bữa nay tụi nó dọn đồ tính đưa mấy con nhỏ đi",
    "em đang bị nhốt",
    "nó bảo 10h tối nay xe tới rước",
    "chúng nó biết em báo rồi, nó dọa giết",
    "nó đánh em",
    "tối nay xe đến bốc người đi",
    "he is taking the girls tonight at 9pm",
    "đêm nay bay rồi",
    "sắp bị bán rồi",
    "bà chủ biết em báo công an rồi",
    "chút nữa họ qua lấy người",
    "sáng mai 5 giờ tụi nó cho lên xe đi cửa khẩu",
    "gấp lắm, tụi nó đang gom người",
    "cháu Mẩy mất liên lạc từ chiều",
    "ck e no sap ve no dap e chet",
    "5h sang mai chung no cho 3 dua len tau",
    "nó khóa cửa ngoài rồi em không ra được",
    "thằng Long mới dẫn thêm 2 em về nhà nghỉ",
    "họ kêu mai đi Campuchia",
    "tụi nó rục rịch chuyển mấy em đi chỗ khác tối nay",
    "người ta sắp giao đứa bé cho bên kia",
    "mai là ra sân bay rồi cán bộ ơi",
    "they come back for her at 9 pm",
    "con bé bị đánh nữa rồi",
    "mấy ổng tối ni chở tụi nhỏ lên Mộc Bài",
    "hôm nay cưới, mai rước dâu sang Trung Quốc",
    "chung no phat hien e nhan tin cho cong an",
    "xe 16 chỗ vừa tới cổng đón mấy chị",
    "Nhà xe hẹn 4 giờ sáng mai bốc hàng, 3 em nữ",
    "nó cầm dao dọa em",
    "con e bị nó lấy điện thoại rồi",
    "em bị lộ rồi",
    "dem nay tau nho neo no dua may dua ra bien",
    "má con sắp gả con qua bển rồi, mai người ta rước",
    "hai đứa nhỏ bị kêu dọn đồ, khuya nay đi",
    "ổng nói mai mốt bán nó cho quán khác",
]
ORDINARY = [
    "hôm qua công an có xuống chưa ạ",
    "cảm ơn cán bộ",
    "tối nay em gửi thêm ảnh nhé",
    "mai tôi sẽ ra công an xã",
    "xe biển số 15A-123.45",
    "chị ấy về nhà an toàn rồi",
    "Quán tên Hồng Nhung",
    "xe khách màu đỏ, biển số 15B",
    "họ vẫn còn rủ thêm người",
    "còn nữa, ở đó có hai người",
    "khi nào có kết quả ạ",
    "số của nó là 0912345678",
    "ảnh đây",
    "dạ em hiểu rồi",
    "nhà số 12 ngõ 5",
    "chuyện năm ngoái chứ giờ hết rồi",
    "alo",
    "em muốn hỏi tin của em tới đâu rồi",
    "cán bộ gọi cho em lúc 9 giờ được không",
    "bà ấy làm ở chợ",
    "quán mở cửa từ 6 giờ chiều",
    "em chuyển ảnh cho cán bộ bây giờ nhé",
    "tôi nhớ nhầm, quán ở xã bên cạnh",
    "em cảm ơn, em không sao",
    "em lo quá",
    "cán bộ cho em biết bao giờ có kết quả",
    "em không biết báo ở đâu",
    "hôm nay em mới nhớ ra tên bà ấy là Hường",
    "mai em gọi lại nhé",
    "ngày mai cán bộ nhắn lại cho em",
    "em gửi số tài khoản của họ",
    "tôi ghi thêm: nhà màu xanh gần chợ",
    "bà Năm bán nước mía trước cổng",
    "anh ấy là môi giới, quê Nghệ An",
    "nhắn thêm",
    "cho em hoi hom nay co ket qua chua",
    "em bao tin nay hom truoc, can bo doc chua a",
    "cho toi hoi tin toi dau roi",
]


@pytest.mark.parametrize("words", PRESSING)
def test_danger_now_or_soon_is_heard(words):
    assert pressing(words)


@pytest.mark.parametrize("words", ORDINARY)
def test_what_is_only_news_stays_news(words):
    assert not pressing(words)


@given(st.text(max_size=5_000))
def test_any_text_is_read(words):
    assert pressing(words) in {True, False}
