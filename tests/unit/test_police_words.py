"""Words that say, or do not say, that the commune's own police may be the problem: four rounds written before the patterns were read."""

from __future__ import annotations

import pytest

from bot.dialogue.interview.police import conflicted, distrusts

INVOLVED = """\
ông chủ tiệm là em vợ ông trưởng công an xã mình đó
công an viên trong ấp là bạn nhậu của tay môi giới
mấy anh công an phường tuần nào cũng ghé quán nó lấy phong bì
em mà báo lên xã là tối nó biết liền
bữa trước có chị đi báo công an xã, về bị nó đánh vì mấy ổng mách lại
xin đừng để công an xã này biết em là người báo
cảnh sát khu vực chỗ em là người nhà của bà chủ
anh rể nó làm công an ở xã
trên xã có người chống lưng cho nó
em sợ công an xã lắm, họ với chủ là một giuộc
chú nó làm trong đồn công an phường
công an xã cầm tiền rồi làm lơ
tôi nghi công an địa phương có phần trong vụ này
công an xã mình bị mua chuộc hết rồi
nó khoe là có công an xã bảo kê
làm ơn giấu công an phường giùm con
công an xã tới kiểm tra là nó được báo trước
người đưa mấy đứa nhỏ đi là con ông công an xã
ai cũng biết ông phó công an xã hùn vốn quán đó
cho cấp trên coi thôi, mấy ông công an xã đừng cho coi
cong an phuong la chong cua ba chu nen dung bao ho
mấy cha công an xã ăn chia với tụi nó
báo tin này mà lọt tới công an xã là em chết
công an xã là người của nó
tôi cho là mấy anh công an xã nhận quà của chủ vườn nên không đụng tới
người canh cổng cho nó là con trai ông công an xã
xin chuyển tin lên huyện lên tỉnh, công an ở đây không tin được đâu
chị gái nó lấy ông phó công an phường
có báo cho công an xã thì họ cũng đem đi kể với chủ
trưởng thôn với công an xã ăn nhậu ở quán đó hoài
công an phường mà biết tui báo là tui không sống nổi
bố thằng đó đang làm trưởng công an xã
mình không muốn công an chỗ mình biết chuyện này
lần trước báo công an xã thì hôm sau nó tới nhà hăm dọa
công an xã có dây mơ rễ má với ông chủ
đừng để lọt qua phường nha, chỗ đó nó mua hết rồi
nó nói có báo cũng vô ích, công an xã là của nó
ông công an khu vực hay lại nhà nó lấy tiền
nhà nó có mấy người làm công an xã
công an địa phương làm ngơ cho quán hoạt động
tin này mấy ổng ở xã không nên biết
anh công an phường là bồ của bà chủ
công an xã đi xe nó cho
bên công an xã che đậy vụ này
mỗi lần công an tỉnh xuống là công an xã gọi báo cho nó trước
con ngại công an xã, vì họ quen chủ
em họ tôi nói công an xã chống lưng cho đường dây
cong an o day toan nguoi cua ong ta
anh hai thằng chủ trọ là trung úy công an xã
em nghĩ công an xã bắt tay với chủ lò gạch nên mới không ai dám nói
thấy công an xã vô quán chơi miễn phí hoài
ba của nhỏ môi giới là công an phường
công an xã bênh bà chủ, lần nào cũng đuổi dân về
gửi đâu cũng được miễn không phải công an xã
nó có người trong công an phường
sợ công an xã tiết lộ tên em
công an ấp ăn tiền che giấu
em không muốn người trên xã đọc
mấy ảnh công an xã là khách ruột của quán
chủ xưởng là con nuôi trưởng công an xã
công an xã chia phần trong đó
có ông công an phường đứng tên quán karaoke
hình như công an khu vực được trả tiền để im lặng
hôm bữa em thấy công an xã ngồi chung bàn với tụi nó
ông công an xã này cũng mua dâm ở đó
con không dám tới công an xã, ổng là cậu nó
tụi nó biết trước mỗi khi công an xã đi kiểm tra
công an xã nhà nó cả
nhờ giữ kín với công an xã
công an xã làm tay trong
chủ bãi cát là anh vợ của ông trưởng công an phường
em xin đừng cho công an xã biết số của em
ở quê em công an toàn là bà con với nó
mấy ông trên xã nhận tiền rồi
bà ngoại dặn đừng dại mà báo công an xã, họ mách lại liền
công an phường cho nó mượn xe chở người
người môi giới là vợ anh công an xã
con nghi công an xã có ăn chia
tin này chỉ cho tỉnh đọc thôi
cháu trốn ra được mà công an xã lại đem cháu trả cho bà chủ
công an xã bắt tay với nó
công an khu vực là em ruột chủ nhà trọ
hồi trước báo công an xã, họ gọi cho chủ ra nói chuyện
dạ em sợ mấy chú công an phường lắm, mấy chú quen nó
gửi cao hơn xã giúp tui
nó dúi tiền cho công an xã trước mặt em
ông phó công an xã hay vô quán uống không trả tiền
công an ở đó cũng có phần
nhà nó với công an xã là thông gia
con trai ông công an viên là người chở mấy chị đi
công an xã phạt qua loa rồi cho nó mở lại
nếu công an xã biết thì em mất mạng
công an phường bao che cho tiệm mát xa này""".splitlines()
HARMLESS = """\
công an xã làm việc mấy giờ
em muốn công an xã tới giúp em liền
hồi sáng công an xã có đi tuần ngang qua
nhờ công an phường gọi lại cho tôi
tôi đã gửi đơn ở công an xã tuần trước
công an xã nói sẽ xác minh
chú em làm công an ở tỉnh khác
ba em hồi xưa là công an xã, nghỉ hưu rồi
công an tới nhà hàng xóm tuyên truyền về mua bán người
nó dặn nếu công an hỏi thì nói là đi du lịch
bọn nó sợ công an xã lắm
chủ quán nói đừng báo công an không thì nó giết
nó cấm em gọi công an
đồn công an phường nằm cạnh chợ
nó ở trọ gần nhà anh công an xã
có số điện thoại công an xã An Phú không
công an xã thông báo đăng ký tạm trú
người gọi tự xưng là công an phường bắt em chuyển tiền
em tính ra công an phường trình báo
công an xã bắt được hai đứa rồi
nhờ anh công an xã mà em về được nhà
có cần lên công an xã làm chứng không
báo cho công an xã có mất tiền không
công an xã có đọc được tin này không
công an có biết em là ai không
em chưa báo công an xã
mẹ em kêu báo công an xã đi
hàng xóm báo công an xã rồi nhưng họ chưa tới kịp
anh công an xã hiền lắm
công an xã dặn em có gì gọi
trưởng công an xã họp dân hôm qua
nó giả làm công an xã để dụ mấy chị
bà ngoại ở với cậu, cậu bán vé số
xã em có mấy người đi Campuchia rồi
cán bộ xã phát tờ rơi
em đang đứng trước cổng công an phường
tin này gửi công an xã hay công an tỉnh
gửi công an xã giúp em nha
công an xã mới đổi trụ sở
tụi nó bị công an phường phạt năm ngoái
nhà em cách công an xã hai cây
xe công an vừa chạy qua
ông trưởng ấp nhắc bà con cảnh giác
nhờ công an kiểm tra quán đó
công an xã giữ xe của nó hôm trước
con tôi muốn làm công an
em ăn tiệc ở xã bên thì gặp nó
chồng em đi bộ đội
em không biết báo công an xã ở đâu
em biết ơn mấy anh công an phường
công an xã có số nóng không
công an phường mình làm việc cả thứ bảy
em gửi đơn lên công an xã được không
xã em xa công an lắm
nó bảo nó quen công an nhưng em nghĩ nó nói xạo thôi em muốn báo
công an xã cho em ở nhờ tối qua
công an xã đã lấy lời khai của em
chủ trọ nhờ công an xã làm tạm trú
em định báo công an xã mà chưa có số
bà em dặn có gì chạy qua công an xã
mấy chú công an xã hỏi em ở đâu
công an xã lập biên bản rồi
lừa đảo giả công an xã gọi cập nhật định danh
công an phường trả lại giấy tờ cho em
con bé hàng xóm muốn gặp công an xã
công an xã chở em đi viện
báo công an xã có phải trả phí không
công an xã với biên phòng đang tìm
nó sợ em báo công an phường
chồng em bị công an xã mời vì đánh em
công an xã đứng ở đầu đường
công an xã có nhận tin nhắn không
có công an xã ở đây thì em đỡ sợ
em ngồi ở công an xã chờ mẹ
công an xã khuyên em gọi 111
nó trốn công an xã
nó bỏ chạy khi thấy công an phường
công an xã yêu cầu xuất trình giấy tờ
em đang nói chuyện với anh công an xã
anh họ em thi vào công an
công an phường mới bắt một ổ cờ bạc
công an xã đưa tiền xe cho em về
chủ quán gọi công an xã tới đuổi em
công an xã biết chỗ đó rồi
hồi nhỏ em muốn làm công an
công an xã dẫn em đi khám
bên công an phường hẹn thứ hai
em gọi công an xã mà không ai nghe máy
mẹ em bán nước trước công an xã
công an xã chia sẻ bài cảnh báo lừa đảo
công an xã cho em số điện thoại
em muốn gặp công an phường nữ
công an xã đã tới quán và đưa em ra
công an phường nói em cứ yên tâm
hồi trước em báo công an xã, họ giúp nhanh lắm
con gái em quen bạn trai làm công an huyện
nó bị công an xã gọi lên mà không đi
công an xã cho em mượn điện thoại gọi về nhà
bà chủ đưa tiền cho em đi xe
công an khu vực tới kiểm tra tạm trú
tôi là trưởng thôn, có báo công an xã
tôi làm công an xã, muốn hỏi cách tiếp nhận nạn nhân
em của em học trường công an
chủ quán nói dối công an xã em là cháu
cô giáo báo công an xã giúp
công an xã phối hợp hội phụ nữ
tin tới công an xã thì bao lâu có người xuống
công an xã có xe không
em ở cách xã mười cây
xe tải dừng trước công an phường""".splitlines()


@pytest.mark.parametrize("text", INVOLVED)
def test_police_that_may_be_the_problem_are_heard(text: str) -> None:
    assert conflicted(text) or distrusts(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_mention_of_the_police_is_no_conflict(text: str) -> None:
    assert not conflicted(text)
    assert not distrusts(text)
