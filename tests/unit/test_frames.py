"""Whole sentences that single words cannot tell apart, by the rules alone: what the gateway knows without an engine."""

from __future__ import annotations

import pytest

from bot.core.content import english
from bot.dialogue import triage
from bot.dialogue.triage import heard

EVEN = dict.fromkeys(triage.EMERGENCY_INTENTS, 0.5 / 8) | {"chitchat": 0.5}
CALM = ("ask_turn_myself_in", "ask_forced_to_offend", "ask_online_lover_meeting", "ask_signs_of_trafficking")


def kind(message: str) -> str:
    found = triage.assess(message)
    return found.kind if found.level == "emergency" else ""


def settled(message: str, likeliest: str, danger: float = 0.9, sure: float = 0.8) -> tuple[str, bool]:
    """What comes out when the classifier is nearly sure of `likeliest`, or `sure` of it."""
    ranking = [
        {"name": likeliest, "confidence": sure},
        *({"name": n, "confidence": p / 5} for n, p in (EVEN | dict.fromkeys(CALM, 0.01)).items() if n != likeliest),
    ]
    intent, _, emergency = triage.final_intent(message, ranking, danger)
    return intent, emergency


@pytest.mark.parametrize(
    "message",
    [
        "họ có ảnh khỏa thân của em, đòi tiền không thì gửi cho trường",
        "nó quay lại lúc gọi video xong bắt em chuyển 3 triệu, không là gửi hết bạn bè",
        "con lo gui hinh ho hang, gio ho ham dang len nhom lop",
        "người yêu cũ dọa tung clip nếu tôi không quay lại",
        "thang do co nude cua e no bao k chieu no thi no up fb",
        "bị ghép mặt vào phim người lớn rồi tống tiền",
        "có người lạ hăm phát tán hình của cháu, cháu 13 tuổi",
        "tụi nó gửi clip của em cho mẹ em nếu em không nạp thẻ",
        "mình lỡ show hàng trên app, nó chụp màn hình đòi 10 củ",
        "em 14 tuổi nó dọa tung ảnh của em lên mạng",
        "em bị quay lúc tắm, nó hăm gửi má em",
        "lỡ gửi pic nhạy cảm, giờ bị ép gửi thêm",
        "no co hinh em roi bat em lam nguoi yeu no",
        "một ông trên Facebook có video em thay quần áo, bắt em gửi 3 triệu mỗi tuần",
        "em năm nay lớp 10, lỡ cho người ta coi ngực qua camera, giờ họ nói sẽ đưa cho thầy chủ nhiệm",
        "nguoi yeu cu noi neu em khong quay lai thi dang het hinh hai dua",
        "tôi là đàn ông có gia đình, bị một tài khoản nữ ghi hình lúc nói chuyện bậy bạ rồi vòi tiền",
        "nó cắt mặt tui ghép vô phim con heo, đòi 5 chai",
        "cháu bị dụ gửi hình không mặc đồ, chú đó bảo không gửi tiếp thì đăng",
        "bạn cùng phòng lén quay em rồi đem ra ép em trả nợ thay",
        "t lỡ sex chat giờ nó đòi chuyển 2tr k thì tag cả list friend",
        "có ai bị tống tiền bằng clip chưa, mình đang bị đây, run quá",
        "con em khóc suốt, hóa ra bị người ta giữ ảnh nóng ép đóng tiền",
        "ma oi nguoi ta doi dang hinh con len mang con khong co tien",
        "họ hack iCloud lấy ảnh riêng của mình, ra giá 1000 đô",
    ],
)
def test_pictures_used_as_a_threat_are_no_ransom(message: str) -> None:
    assert kind(message) == "sextortion"
    assert settled(message, "ransom_demand") == ("sextortion", True)


@pytest.mark.parametrize(
    "message",
    [
        "có người xưng công an gọi video bắt tôi ra khách sạn một mình",
        "gọi điện xưng viện kiểm sát bảo dính rửa tiền bắt chuyển tiền",
        "cuộc gọi tự xưng công an đòi chuyển tiền",
        "ben toa an goi dt noi toi bi kien phai nop 50tr",
        "mấy chú công an gọi zalo kêu con đừng nói ba mẹ, ra nhà nghỉ ở",
        "họ gửi lệnh bắt qua zalo, kêu mẹ tôi rút sổ tiết kiệm",
        "đại úy gì đó bắt em bật camera cả ngày, không được tắt máy",
        "ba toi dang nghe dien thoai cua nguoi tu xung canh sat, ho bat ba ra ngan hang chuyen tien",
        "đang bị bắt cóc online",
        "có cuộc gọi nói em dính đường dây ma túy, bắt giữ bí mật, ở yên trong phòng trọ",
        "sếp công an nào đó kêu con quay clip giả bị bắt cóc gửi ba mẹ",
        "người bên cục viễn thông gọi nối máy cho công an, đòi mã OTP",
    ],
)
def test_a_caller_who_says_he_is_the_police_is_no_ransom(message: str) -> None:
    assert kind(message) == "fake_police_call"
    assert settled(message, "ransom_demand") == ("fake_police_call", True)


@pytest.mark.parametrize(
    "message",
    [
        "nó bắt con tôi bên Cam đòi 200 triệu mới thả",
        "chúng gửi ảnh em tôi bị trói, đòi 300 triệu",
        "no giu chong em ben bavet, keu chuyen 80tr moi cho ve",
        "chúng nó đòi chuộc em gái tôi 5000 đô",
        "bọn bắt cóc gọi video cho xem con tôi bị đánh rồi đòi tiền",
    ],
)
def test_money_for_somebody_who_is_held_stays_a_ransom(message: str) -> None:
    assert settled(message, "ransom_demand") == ("ransom_demand", True)


def test_money_without_anybody_held_is_never_answered_with_keep_talking() -> None:
    for message in (
        "nó đòi tiền em hoài, không đưa thì nó chửi",
        "chủ nợ đòi tiền, dọa tới nhà",
        "ho doi tien khong thi khong yen",
    ):
        assert settled(message, "ransom_demand")[0] != "ransom_demand"


@pytest.mark.parametrize(
    "message",
    [
        "em không thấy an toàn",
        "e k thay an toan",
        "ở đây không an toàn chút nào",
        "chưa an toàn",
        "chưa an toàn ạ",
        "hết an toàn rồi",
        "dạ không, em cảm thấy không được an toàn lắm",
        "chỗ này hong có an toàn đâu",
        "tui thấy hông an toàn, có người đứng ngoài cửa",
        "mình không còn an toàn nữa",
        "an toàn gì đâu, nó canh ngoài cửa",
        "chỗ này làm sao an toàn được",
        "em thấy chỗ này không an toàn tí nào hết",
        "khong thay an toan dau a",
        "dạ chưa được an toàn lắm",
        "tui không còn thấy an toàn trong cái nhà này",
        "làm sao an toàn được khi nó ngồi trước cửa",
    ],
)
def test_a_negated_safety_is_danger(message: str) -> None:
    assert kind(message) == "emergency_in_danger"
    assert settled(message, "ask_safe_migration", danger=0.05) == ("emergency_in_danger", True)


@pytest.mark.parametrize(
    "message",
    [
        "đi làm ở Lào có an toàn không",
        "trang web này không an toàn",
        "di cư không an toàn là gì",
        "link này không an toàn phải không",
        "công ty đó có an toàn không ạ",
        "làm sao biết một lời mời là không an toàn",
        "đi chui không an toàn đâu",
    ],
)
def test_the_safety_of_a_topic_is_none(message: str) -> None:
    assert kind(message) == ""


@pytest.mark.parametrize(
    "message",
    [
        "em để dành đủ thuốc rồi",
        "e de danh du thuoc roi, cam on ban",
        "mình gom được gần trăm viên rồi",
        "em có lọ thuốc ngủ trong tay đây",
        "em đang cầm dao lam",
        "con dao tren tay em, cho em gap tu van vien truc dem",
        "cảm ơn mọi người, em đi đây, đừng buồn vì em",
        "tạm biệt bố mẹ",
        "xin lỗi mẹ, con mệt rồi, lần cuối con nhắn",
        "em cho hết quần áo cho bạn rồi, không cần nữa",
        "ngủ một giấc không dậy nữa",
        "chi uoc ngu luon khong tinh lai",
        "không còn lý do gì để sống",
        "khong con y nghia gi de song nua",
        "em viết thư để lại cho mẹ rồi",
        "sau đêm nay là hết",
        "mong sao ngủ rồi khỏi phải dậy",
        "con xin lỗi ba má, kiếp sau con đền",
        "uống hết chỗ thuốc này là nhẹ người",
        "em tích được một vốc viên ngủ rồi",
        "minh co san luoi lam roi, chi hoi cho co nguoi nghe",
        "con cảm ơn ba mẹ mười tám năm qua, con đi nhé",
        "sách vở quần áo em cho hết rồi, mai em không cần gì nữa",
        "tối nay em uống rồi ngủ luôn cho khỏe",
        "chi mong nham mat roi dung mo ra nua",
        "cuộc sống này chẳng còn gì để níu em lại",
        "nếu sáng mai không thấy em nhắn thì đừng tìm",
        "em đang ở sân thượng, gió mát lắm, chào bạn lần cuối",
        "khong ai can em tren doi nay het",
    ],
)
def test_quiet_notes_are_heard(message: str) -> None:
    assert kind(message) == "self_harm_distress"
    assert settled(message, "thank", danger=0.02) == ("self_harm_distress", True)


@pytest.mark.parametrize(
    "message",
    [
        "tôi muốn tự thú thì đi đâu",
        "tôi không tự tử, tôi hỏi TỰ THÚ ở đâu",
        "nhớ anh chết mất",
        "đói muốn chết",
        "chán học quá",
        "học bài muốn chết luôn",
        "tôi vẫn an toàn và khỏe mạnh",
        "Cảm ơn cháu đã hỏi thăm, bác vẫn an toàn và khoẻ mạnh.",
        "lạnh chết mất thôi",
        "thi cử kiểu này chết mất",
        "yêu anh ấy muốn chết",
        "dạ con vẫn bình an",
    ],
)
def test_no_suicide_card_without_a_sign_of_it(message: str) -> None:
    assert kind(message) != "self_harm_distress"
    assert settled(message, "self_harm_distress", danger=0.7)[0] != "self_harm_distress"


@pytest.mark.parametrize(
    "message",
    [
        "uống hết thuốc rồi mà chưa hết ho",
        "chú công an phường gọi bảo em lên làm căn cước",
        "em muốn tự thú với bạn gái là em nói dối",
        "gửi ảnh của em cho công ty để làm hồ sơ",
        "phòng tránh bị tung ảnh nóng thế nào",
        "bắt cóc online là gì",
    ],
)
def test_the_same_words_in_everyday_use_are_no_alarm(message: str) -> None:
    assert kind(message) == ""


@pytest.mark.parametrize("message", ["em học mệt quá, em muốn chết", "em muốn chết"])
def test_an_idiom_does_not_hide_a_wish_to_die(message: str) -> None:
    assert kind(message) == "self_harm_distress"


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        ("tôi muốn tự thú thì đi đâu", "ask_turn_myself_in"),
        ("chở người giờ hối hận muốn khai hết", "ask_turn_myself_in"),
        ("dau thu o cong an xa duoc khong", "ask_turn_myself_in"),
        ("em bị bắt đi lừa người ta, về có bị đi tù không", "ask_forced_to_offend"),
        ("đi chui về có bị phạt không", "ask_forced_to_offend"),
        ("báo công an họ có bắt em không, em đi chui", "ask_forced_to_offend"),
        ("tôi từ myanmar về, tôi bị ép lừa đảo, tôi có bị đi tù không", "ask_forced_to_offend"),
        ("người yêu trên mạng hẹn em lên cửa khẩu Móng Cái chơi", "ask_online_lover_meeting"),
        ("nguoi yeu tren mang hen em len cua khau mong cai choi", "ask_online_lover_meeting"),
        ("bạn rủ em đi chợ bên kia biên giới Lào Cai rồi về", "ask_online_lover_meeting"),
        ("anh quen facebook rủ lên Lào Cai gặp bố mẹ ảnh", "ask_online_lover_meeting"),
        ("cháu người Mông, có chú lạ rủ cháu sang bên kia biên giới chơi chợ", "ask_online_lover_meeting"),
        ("bệnh nhân nữ bầu 7 tháng, người đàn ông trả lời thay, có vết bầm", "ask_signs_of_trafficking"),
    ],
)
def test_what_is_asked_is_answered_and_not_an_alarm(message: str, meaning: str) -> None:
    assert settled(message, "child_in_danger") == (meaning, False)


@pytest.mark.parametrize(
    "message",
    [
        "hàng xóm nhốt mấy cô gái trong nhà kho, đêm nào cũng khóc",
        "nhà hàng xóm tôi giam 1 cô người Campuchia làm ô sin 2 năm nay, phường Long Bình Biên Hòa",
        "hàng xóm nhốt một cô gái trong nhà",
        "nha ben canh nhot 1 co gai 2 nam nay",
        "tôi thấy trong xưởng có người bị xích",
        "quan karaoke do nhot may dua con gai tren lau",
        "ba tôi đòi bán em gái 15 tuổi của tôi",
        "bố em định bán em cho người ta",
        "chủ tàu không cho tụi em lên bờ, ai đòi về là dọa quăng xuống biển",
        "ba thang roi chua duoc len bo",
        "em đang kẹt trong công ty lừa đảo ở Svay Rieng",
        "em dang ket trong cong ty lua dao o svay rieng",
        "học sinh lớp tôi nghỉ bốn hôm nay, có người quen trên mạng rủ đi Trung Quốc",
    ],
)
def test_danger_told_by_a_witness_or_as_a_topic_is_heard(message: str) -> None:
    assert kind(message) != ""
    assert settled(message, "ask_fishing_boat_forced_labor", danger=0.02)[1]


@pytest.mark.parametrize(
    "message",
    [
        "nhà em ở Thốt Nốt",
        "tôi thấy",
        "nó ở đó đó",
        "nhưng mà bạn em đi rồi vẫn gửi tiền về đều mà",
        "tìm thấy cháu rồi",
        "tim thay chau roi, cam on moi nguoi",
        "con tôi về nhà rồi ạ",
        "khoảng một tiếng trước",
        "nhà tôi ở gần bến xe Ô Môn",
        "tui thấy rồi đó",
        "quán giảm giá cho mấy chị em",
        "cong ty giam gia cho 3 nguoi di chung",
        "cháu nó gọi về rồi, không sao hết, cảm ơn",
        "tìm ra thằng nhỏ rồi, nó ngủ quên nhà bạn",
        "mà chị bạn tôi qua đó vẫn gửi tiền về hàng tháng",
        "chuyện hôm trước giải quyết xong rồi nhé",
        "nó ở bển đó",
        "khoảng ba người",
        "không nhớ rõ nữa",
        "em xin rút lại tin, chuyện giải quyết xong rồi",
    ],
)
def test_everyday_words_and_solved_cases_are_no_alarm(message: str) -> None:
    assert kind(message) == ""
    assert not settled(message, "missing_person")[1]


def test_a_solved_case_with_a_new_threat_is_still_one() -> None:
    assert settled("tìm thấy cháu rồi nhưng chúng nó vẫn đang giữ cháu", "emergency_other_person")[1]


def test_reading_a_long_message_stays_linear() -> None:
    for word in ("anh dang gui ", "cong an goi ", "khong an toan o ", "mua thuoc nhieu ", "ngu mot giac "):
        assert triage.assess(word * 300) is not None


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("em để sẵn dây rồi", "self_harm_distress"),
        ("mình đang đứng trên nóc nhà nhìn xuống", "self_harm_distress"),
        ("em trèo lên thành cầu rồi", "self_harm_distress"),
        ("giá mà em chưa từng được sinh ra", "self_harm_distress"),
        ("ước gì má đừng sinh con ra", "self_harm_distress"),
        ("mai chắc không còn ai phải lo cho em nữa", "self_harm_distress"),
        ("em gửi con mèo cho bạn nuôi rồi, chắc nó sẽ ổn", "self_harm_distress"),
        ("không còn đường nào nữa rồi", "self_harm_distress"),
        ("thôi đi cho rảnh nợ", "self_harm_distress"),
        ("em mua than về đốt trong phòng rồi", "self_harm_distress"),
        ("uống 40 viên rồi", "self_harm_distress"),
        ("tui lỡ uống thuốc trừ sâu rồi", "self_harm_distress"),
        ("bạn em nhắn tạm biệt rồi tắt máy, em sợ nó làm bậy", "self_harm_distress"),
        ("tôi đang nghe điện thoại công an, họ không cho tắt", "fake_police_call"),
        ("công an kêu ở khách sạn 3 ngày nay rồi", "fake_police_call"),
        ("quay cảnh em tôi bị trói gửi về đòi 5000 đô", "ransom_demand"),
        ("nhận được video thằng em bị tra tấn, kêu chuyển 100tr", "ransom_demand"),
        ("gửi clip nó bị chích điện, bảo chuyển tiền trước 6h", "ransom_demand"),
        ("bố em định bán em", "emergency_in_danger"),
        ("ba em gả bán em, mai người ta tới bắt", "emergency_in_danger"),
        ("cha nhận tiền rồi, bắt con theo ông kia", "emergency_in_danger"),
        ("em đi tàu cá, xin lên bờ nó đánh", "emergency_in_danger"),
        ("mẹ em nhận 200tr tiền dẫn cưới của người Trung Quốc bắt em đi", "emergency_in_danger"),
        ("tôi là giáo viên chủ nhiệm, học sinh lớp tôi nói bị bố đánh", "child_in_danger"),
        ("con bé lớp 9C trường tôi bỏ đi với người lạ", "child_in_danger"),
        ("cháu bảo bị người ta làm bậy", "child_in_danger"),
        ("bố dượng hay vào phòng em", "child_in_danger"),
        ("bên nhà hàng xóm có đứa nhỏ giúp việc bị đánh hoài, xích chân", "child_in_danger"),
        ("xưởng may gần nhà giữ người", "emergency_other_person"),
        ("thầy giáo có ảnh em, không nghe thì cho cả trường xem", "sextortion"),
        ("giu passport bat lam 16 tieng", "emergency_in_danger"),
        ("mình đang ở trong KK Park", "emergency_in_danger"),
        ("I don't feel safe", "emergency_in_danger"),
        ("tui thay so so trong phong nay", "emergency_in_danger"),
        ("đang ngồi xe khách lên Móng Cái gặp anh quen trên mạng", "emergency_in_danger"),
    ],
)
def test_who_does_what_to_whom_is_heard_in_other_words(message: str, expected: str) -> None:
    assert kind(message) == expected
    assert settled(message, "chitchat", danger=0.02) == (
        ("non_vietnamese", True) if message.isascii() and "feel" in message else (expected, True)
    )


@pytest.mark.parametrize(
    "message",
    [
        "em trai tôi thi đậu rồi",
        "chán sống ghê đi học quài",
        "tôi đang đứng trên sân thượng phơi đồ",
        "nướng thịt mua than về đốt ngoài sân",
        "em uống 2 viên thuốc cảm rồi",
        "uống hết ly trà sữa rồi",
        "có người đang theo dõi em trên facebook",
        "bạn tôi",
        "chị tôi sắp cưới",
        "chó nhà em bị bắt mất rồi",
        "té xe bầm chân",
        "bé bầm do ngã",
        "bị bắt làm lớp trưởng",
        "bị cô bắt chép phạt",
        "bị công an phạt vì không đội mũ",
        "em họ mới về từ Campuchia, con nó chưa khai sinh",
        "tự thú với crush",
        "bác hay so sánh em với bạn khác",
        "ông ngoại hay ôm con",
        "mẹ em nhận tiền lương rồi dắt em đi ăn",
        "Dạ em gửi thêm hình cái nhà",
        "Con bò nhà tôi bỏ ăn hai hôm nay, cho uống thuốc gì?",
    ],
)
def test_everyday_life_brings_no_card(message: str) -> None:
    assert kind(message) == ""


@pytest.mark.parametrize(
    ("message", "friend"),
    [
        ("nó đăng ảnh em lên nhóm lớp rồi, em chỉ muốn chết", False),
        ("tụi cháu trên tàu cá, thằng em họ nhảy xuống biển tối qua, chưa thấy đâu", False),
        ("nó hạ boss xong tao tự tử cho hồi sinh lẹ", False),
        ("bạn trong lớp có hình con, nó gửi cho cả trường. con muốn biến mất", False),
        ("bạn thân em nói nó muốn chết, em sợ quá", True),
        ("con bạn cùng phòng đòi nhảy lầu", True),
    ],
)
def test_whose_death_is_meant(message: str, friend: bool) -> None:
    assert (heard.despair_of(message) == "friend") is friend


@pytest.mark.parametrize(
    ("message", "guess"),
    [
        ("mất chiếc xe máy trước cổng trường, camera có quay được", "sextortion"),
        ("tối nay 8h tụi nó quay lại nữa", "sextortion"),
        ("vâng đó, cái xe cũ đó nó giữ luôn, xin thả về không cho", "ransom_demand"),
        ("mấy anh em trong bãi vàng, ai bỏ trốn bị bắn, xin thả về không cho", "ransom_demand"),
        ("ngồi ở sân bay chờ hãng đổi chuyến, con gái có một mình sợ quá", "missing_person"),
    ],
)
def test_a_card_whose_advice_would_not_fit_is_not_shown(message: str, guess: str) -> None:
    """Nothing is shown to anybody, no money is named, nobody is gone: another alarm may be right, this one is not."""
    assert settled(message, guess, sure=0.4)[0] != guess


@pytest.mark.parametrize(
    "message",
    [
        "hi im working in a house in District 2, madam hits me and there is no salary, she keeps my passport",
        "Husband china he lock door when go work. He buy me 180.000 yuan he say. Baby 5 month",
        "my friend she from philippine work massage in da nang, owner no let go out, she scare police",
        "i laos people. they bring me vinh city cut wood, say 3 month give money, now 8 month nothing",
        "i see one child maybe 7 year old sell gum at 2 am, one man sit far take all money from her",
        "hello im in myawady they lock us, i can not call",
        "hello sorry my english, we are in one building in Manila, guards at the gate, if we quit we pay 3000 dollars",
    ],
)
def test_a_polite_beginning_in_english_hides_no_danger(message: str) -> None:
    assert triage.assess(message).level == "emergency"
    assert english.intent_of(message) != "greet"


def test_a_greeting_alone_is_one_and_an_offer_in_english_is_checked() -> None:
    assert english.intent_of("Hello there!") == "greet"
    asked = "hi, my niece got a job offer on telegram, 1500 usd, they book the flight and a driver waits, is it real?"
    assert english.intent_of(asked) == "ask_job_abroad_check"


@pytest.mark.parametrize(
    "message",
    [
        "bố mẹ mắng hoài, em nhảy xuống đây",
        "boss chửi em hoài, em nhảy lầu đây",
        "em tự tử cho rồi, không làm lại từ đầu được nữa",
        "sống vậy thôi em nhảy xuống cho rồi",
        "tau nhảy cầu luôn đây",
        "ngồi trên ghe mà em chỉ muốn nhảy xuống cho chết",
        "mẹ nó chứ sống kiểu này chết mẹ cho rồi. nói thiệt đó, tao cột dây xong rồi",
        "Đêm nay 0h là xong. Ai đọc được thì nói với bé Na là ba thương con. Khỏi tìm.",
        "e về rửa hoài k sạch. e k muốn thấy ngày mai",
        "Làng xóm nói em là đồ bán thân. Giá hồi đó chết bển luôn cho má đỡ nhục",
    ],
)
def test_a_leap_that_is_meant_is_heard_whatever_stands_before_it(message: str) -> None:
    """ "bố" is no "bờ", a boss is no game, "sống" no river: what only looks like a boat hides nobody's despair."""
    assert settled(message, "chitchat", danger=0.9) == ("self_harm_distress", True)
