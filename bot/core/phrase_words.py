"""The words behind `bot.core.phrases`, listed once, in full spelling. "(a|b|)" stands for either, or for nothing; a word
with "!" before it counts only with its marks typed.

A phrase is matched without its marks too, and with short forms written out first, so neither is listed again.
"""

from __future__ import annotations

# Short forms and regional words, as one phrase word each reads them.
SHORT = {
    **dict.fromkeys(
        ("ko", "k", "kg", "kh", "hk", "hok", "hông", "hong", "hổng", "hỏng", "khum", "kô", "khg", "hg",
         "hăm", "chẳng", "chả", "chang", "nỏ", "đếch", "khôg", "khôngg", "kjhong", "hongg", "hủm"),
        "không",
    ),
    **dict.fromkeys(("bit", "bik", "bít", "biếc", "biet", "bjt", "pit", "pít", "bt"), "biết"),
    **dict.fromkeys(("r", "rùi", "rui", "roài", "roai", "gòi", "rồiii", "rồy", "ròi"), "rồi"),
    **dict.fromkeys(("dc", "đc", "dk", "đk", "đươc", "dược"), "được"),
    **dict.fromkeys(("oke", "okie", "okey", "okay", "oki", "okela", "okê", "ôkê", "ôk", "okla", "uki", "ukie"), "ok"),
    **dict.fromkeys(("uh", "uhm", "um", "ừm", "ừh", "ừa", "ờm", "ờ", "uk", "ùm", "ùa", "uhuh", "ukm", "uhn", "ùh"), "ừ"),
    **dict.fromkeys(("e", "iem", "êm"), "em"),
    **dict.fromkeys(("mik", "mk", "mìnk"), "mình"),
    **dict.fromkeys(("j", "ji"), "gì"),
    **dict.fromkeys(("vs", "zới", "zoi"), "với"),
    **dict.fromkeys(("nhaa", "nà", "nhoa", "nhé", "nhá", "nhe"), "nhé"),
    **dict.fromkeys(("đúg", "dug", "đug", "đúnq", "dúng", "đúngg"), "đúng"),
    **dict.fromkeys(("zậy", "dậy", "vại", "zay", "z", "v"), "vậy"),
    **dict.fromkeys(("wa", "wá"), "qua"),
    **dict.fromkeys(("ngta", "nta"), "người ta"),
    "thoy": "thôi", "thui": "thôi", "hok.": "không", "kb": "không biết", "kbt": "không biết",
    "kbiết": "không biết", "kbiet": "không biết", "hbt": "không biết", "idk": "i don't know", "dunno": "i don't know",
    "dont": "don't", "doesnt": "doesn't", "cant": "can't", "im": "i'm", "pls": "please", "thx": "thanks",
    "nvm": "never mind", "ng": "người", "ntn": "thế nào", "ls": "làm sao", "bnhiu": "bao nhiêu", "bn": "bao nhiêu",
    "đag": "đang", "dag": "đang", "ă": "ạ", "ah": "ạ", "ạk": "ạ", "vâg": "vâng", "vag": "vâng", "zạ": "dạ", "dja": "dạ",
}  # fmt: skip

FILLERS = (
    "dạ", "vâng", "ạ", "à", "á", "ờ", "ừ", "nhé", "nha", "nhen", "nghen", "hen", "nè", "này", "đó", "đấy", "kìa",
    "mà", "thì", "em", "mình", "tôi", "tui", "tao", "tớ", "con", "cháu", "chị", "anh", "bạn", "cô", "chú", "bác",
    "bà", "ông", "ad", "admin", "ơi", "vậy", "thế", "luôn", "với", "nữa", "đâu", "lắm", "thật", "xin", "cho", "giúp",
    "giùm", "dùm", "hộ", "please", "now", "ok", "ô kê", "thưa", "bây giờ", "giờ", "hết", "cả", "cái", "chắc",
    "hay là", "đi", "một", "the", "sir", "oh", "well", "just", "hì", "hihi", "hehe", "haha", "huhu", "rứa", "hè",
    "hỉ", "nghe", "mô", "trơn",
)  # fmt: skip

_TELL = "(nói|kể|khai|trả lời|tiết lộ|cho biết|ghi|viết|đưa|cung cấp|để lộ)"
_ABOUT = (
    "(ra|được|gì|chi|chỗ|nơi|ở đâu|chỗ đó|chỗ đâu|chỗ nào|địa chỉ|tên|nơi đó|chỗ này|điều đó|chuyện đó|câu này|ai|là ai|"
    "khi nào|bao giờ|số|số điện thoại|thêm|chính xác|rõ|)"
)
_LITTLE = "(xíu|chút|tí|tẹo|lát|xí|chút xíu|một chút|một xíu|một lát|một tí|tí xíu|em|mình|tôi|tui|con|cháu)"

KINDS: dict[str, tuple[str, ...]] = {
    "yes": (
        "có", "có chứ", "có rồi", "đã có", "vâng", "dạ", "dạ vâng", "đúng", "đúng rồi",
        "đúng (vậy|thế|đó|đấy|luôn|y|chỗ đó|nơi đó|chỗ này|nơi này|là vậy|là nó|là chỗ đó|như vậy|như thế)",
        "chính nó", "phải", "phải rồi", "phải (đó|đấy|vậy)", "ok", "ok rồi", "ok luôn", "ừ", "ừ đúng", "ừ phải",
        "rồi", "được", "được rồi", "được chứ", "chính xác", "chuẩn", "chuẩn (rồi|luôn|xác)",
        "chính là (nó|chỗ đó|nơi đó)", "nó đó", "đồng ý", "nhất trí", "tất nhiên", "dĩ nhiên", "hẳn rồi",
        "đương nhiên", "yes", "yep", "yeah", "yes please", "sure", "correct", "right", "that's right", "go ahead",
        "y", "true",
    ),
    "send": (
        "gửi", "gửi (đi|luôn|ngay|liền|nhanh|lẹ|gấp|sớm|thôi|nhanh lên|lẹ lên|gấp lên)( đi|)", "gửi cho (công an|cán bộ)",
        "gửi (tin|tin này|tin báo|nó)( đi|)", "gửi (được rồi|đi được rồi)", "chuyển (đi|luôn)", "send", "send it", "nộp( đi| luôn|)",
        "báo (đi|luôn|nhanh|gấp)", "nhanh (lên|đi|nhé|nha)", "bấm gửi",
    ),
    "no": (
        "không", "không (có|phải|cần|đâu|nhé|muốn|thích|hề|đúng|bao giờ)",
        "không (có|cần|thấy) (gì|ai|chi|nào|cái gì)", "chưa", "chưa (có|phải|từng)", "không có (gì|ai) (hết|cả)",
        "sai", "sai rồi", "no", "nope", "no thanks", "no thank you", "not really", "đâu có", "làm gì có", "có đâu",
        "không còn", "none", "nothing", "nobody", "no one", "n", "never", "thôi khỏi", "khỏi",
        "không có (hình|ảnh|hình ảnh|bằng chứng|ghi âm|tin nhắn)( gì| nào|)",
    ),
    # To "how shall we answer you?": nothing but the code.
    "code_only": (
        "(dùng|xài|lấy|cần|giữ|nhận|chọn|theo) mã( tra cứu| số|)( thôi| được rồi| là được| là đủ|)",
        "(chỉ |cái |)mã( tra cứu|)( thôi| là được| là đủ| cũng được)( rồi|)",
        "không (muốn |cần |)(để lại|để|cho|lưu|đưa)( lại|)( gì| số| số điện thoại| liên lạc| thông tin| số má|)( hết| cả| nào|)",
        "(thôi |)không cần( đâu| gì| nhắn| báo| trả lời|)", "thôi (khỏi|không)( cần| để|)", "khỏi( cần| để lại|)", "tự (xem|tra|coi)",
        "(không|khỏi) (cần |phải |)(nhắn|báo|trả lời|liên lạc|gọi)( lại|)", "code only", "just the code",
    ),
    "wants_notices": (
        "(có gì |có tin |)(nhắn|nhắn tin|báo|thông báo|nhắn lại|báo lại)( lại|) (cho |)(em|mình|tôi|tui|con|cháu|bà|bác|ông|cô|chú|o)( biết|"
        ")( đi| với|)",
        "(nhận|muốn|cho) (nhắn|thông báo|tin nhắn)", "nhắn đi", "(nhắn|báo) (ở |tại |)đây( đi|)", "notify me", "message me",
    ),
    # To "any evidence?": none.
    "wants_report": (
        "(muốn |cần |xin |để |)(báo|tố giác|trình báo|gửi)( một|) (tin|tin báo|công an|vụ này|chuyện này)( này|)", "(muốn|cần|xin) (báo|gửi|gửi kèm)",
        "(gửi|lấy|dùng|cho)( kèm|) (tấm |cái |)(hình|ảnh|file|tệp|clip|video|ghi âm|vị trí)( này| đó|)( luôn|)( làm| vào| kèm| vô|)( một|"
        ")( tin báo| tin|)",
        "(gửi kèm|làm tin báo|kèm vào)( tin báo| tin|)( đi|)",
    ),
    "no_evidence": (
        "(không|chưa|chẳng) (có|còn|giữ|lưu|chụp|quay|ghi|ghi âm)( được|)( lại|)"
        "( gì| ảnh| hình| hình ảnh| bằng chứng| ghi âm| clip| tin nhắn| video| chi| cái gì| tấm nào| ảnh nào| hình nào|)( hết| nữa| cả| nào|)",
        "(không|chưa) (dám|kịp|thể|biết) (chụp|quay|giữ|lưu|ghi|ghi âm)( lại|)( gì| hình| ảnh|)( đâu| được|)",
        "(làm gì|đâu|lấy đâu|mô|lấy gì mà|lấy mô)( mà|) (có|ra)( ảnh| hình| bằng chứng| clip| ghi âm| tin nhắn| gì| chi|)",
        "(bằng chứng|hình|ảnh|hình ảnh|chứng cứ|clip|ghi âm|tin nhắn)( thì| là| cũng|)( em| mình| tôi| tui| con| cháu| bà| o| bác|)"
        " (chịu|không có|không|chưa có|hết|không còn|không giữ|không lưu|không có gì)", "(cái |)(này|đó)",
        "(mất|xóa) hết( rồi|)", "đâu có (giữ|chụp|quay|lưu|ghi)( được|)( gì|)( đâu|)", "không (bằng chứng|hình|ảnh)( gì| nào|)",
    ),
    "dont_know": (
        "hem (biết|rõ|nhớ|chắc)",
        "(không|chưa) (có |)(biết|rõ|nhớ|chắc|tường|hiểu)( rõ| chắc| lắm| kỹ| chính xác| hết| nổi|)( gì| ai| chi|"
        " là gì| là ai| nữa| ở đâu| tên| khi nào| chỗ nào| thêm| được|)( hết| cả|)",
        "không (để ý|hay|hay biết|chắc chắn|được rõ)", "không biết (sao|nói sao|trả lời sao|thế nào|phải nói sao)",
        "chịu", "chịu thôi", "chịu chết", "quên", "quên (rồi|mất|mất rồi)", "ai (mà|) biết", "ai biết được",
        "biết đâu", "biết đâu được", "(làm |)sao (mà |)(em |tôi |mình |tui |)biết( được|)", "biết chết liền",
        "(là |)sao em không biết", "mơ hồ", "không rõ ràng", "hên xui", "có khi",
        "cũng không (biết|rõ|chắc|nhớ)( nữa|)", "i don't know", "i do not know", "don't know", "not sure", "no idea",
        "i'm not sure", "i am not sure", "i have no idea", "i forgot", "can't remember", "i can't remember",
        "i don't remember", "don't remember", "unsure", "maybe", "not certain", "biết mô", "mô biết",
    ),
    "skip": (
        "bỏ qua", "bỏ (qua |)(câu|phần|cái|mục) (này|đó)", "bỏ qua bước này", "qua", "cho qua",
        "(qua|chuyển|sang|tới|đến) (câu|phần) (khác|tiếp|sau|tiếp theo)", "câu (khác|tiếp|sau|tiếp theo)",
        "tiếp theo", "để sau", "thôi bỏ qua", "thôi qua", "next", "skip", "skip it", "skip this", "skip this one",
        "pass", "miễn", "lướt", "lướt qua", "để trống", "khỏi (nói|trả lời|ghi)", "next question",
    ),
    "back": (
        "quay lại", "lùi lại", "trở lại", "back", "go back", "sửa câu trước", "câu trước", "quay lại câu trước",
        "về câu trước",
    ),
    # What can mean nothing but the end: after these the draft may be erased.
    "stop": (
        "dừng (lại|hẳn|ở đây|thôi|việc này|báo|báo tin|báo tin này|và xóa|rồi xóa|hết|đi|luôn|tại đây)", "hủy",
        "hủy (bỏ|đi|tin|tin này|báo tin|hết|luôn)", "xóa",
        "xóa (đi|hết|tin|tin này|luôn|hết đi|bỏ|giúp|tất cả|những gì đã viết)", "có xóa",
        "không (muốn |)(báo|gửi|kể|khai|tố giác|tố cáo|làm|viết)( tin|)( này|) nữa",
        "không (muốn |)(nói|trả lời) nữa", "thôi không (báo|gửi|kể|nói|làm|tố giác|viết)( tin|)( nữa|)",
        "thôi khỏi (báo|gửi)( tin|)( nữa|)", "khỏi (báo|gửi)( tin|)( nữa|)", "không (báo|gửi) (tin )(này |)(nữa|đâu)",
        "thoát", "thoát ra", "ngừng", "ngừng (lại|đi|ở đây)", "kết thúc", "cancel", "cancel it", "stop", "stop it",
        "stop here", "stop and erase", "quit", "exit", "delete", "delete it", "erase", "erase it",
    ),
    # These ask what the person wants; on these alone nothing is erased.
    "soft_stop": (
        "thôi", "thôi (khỏi|không|đi|vậy|bỏ|dẹp|mà|ạ|nhé|không cần)", "thôi không (cần|muốn)( nữa|)", "bỏ", "bỏ đi",
        "đổi ý", "đổi ý rồi", "(muốn|để) suy nghĩ lại", "never mind", "forget it", "dẹp", "dẹp đi", "nghỉ",
    ),
    "second_thoughts": (
        "đổi ý", "suy nghĩ lại", "never mind",
    ),
    "halt": (
        "dừng",
    ),
    # Without their marks they all read "dung"; a classifier that sees no marks takes them for it.
    "sounds_like_stop": (
        "đúng", "đứng", "đụng", "đựng", "dũng", "dụng", "dựng", "đừng",
    ),
    "go_on": (
        "viết tiếp", "tiếp", "tiếp (tục|đi|nào)", "báo tiếp", "kể tiếp", "làm tiếp",
        "không (dừng|xóa|hủy)( nữa| đâu|)", "đừng", "đừng (xóa|dừng|hủy)", "giữ (lại|nguyên)", "continue", "go on",
        "no go on", "keep going", "không mình viết tiếp", "mình viết tiếp", "nhầm", "bấm nhầm", "lộn",
    ),
    "leave": (
        "xong", "xong (rồi|hết rồi|hết|việc|xuôi)", "hết", "hết rồi", "để (lúc|khi|hôm|bữa) khác", "để sau",
        "(thế|vậy) thôi", "(thế|vậy) là (được|đủ|xong)( rồi|)", "đủ rồi", "không có gì nữa", "không còn gì( nữa|)",
        "done", "no more", "that's all", "that is all", "bye", "tạm biệt", "đóng", "đóng lại", "đóng tin",
    ),
    "pause": (
        "khoan", "khoan (đã|hẵng|hãy|chờ|đợi|vội)", "(khoan|đừng|chưa|chớ) (hãy |hẵng |có |vội |)(gửi|báo|nộp|chuyển)"
        "( vội| liền| ngay| đã| nha| nhé|)",
        "(đừng|chớ|chưa) vội", "(để|cho) (chút|tí|lát|xíu|lúc|mai|tối|chiều)( nữa| sau| khác|)( gửi| báo| tính| nói|)",
        "(để|cho|) (em|mình|tôi|tui|con|cháu|tao) (suy nghĩ|nghĩ|tính|bàn|cân nhắc|bình tĩnh|đắn đo)"
        "( lại| kỹ| thêm| cái|)( đã| cái| chút| xíu| xem| coi|)( đã| sao|)",
        "(để |cho |)(em |mình |tôi |tui |con |cháu |)(hỏi|bàn với|bàn|nói với) (ý |)(vợ|chồng|mẹ|má|ba|bố|cha|chị|anh|nhà|gia đình|người nhà|"
        "bạn|con|cháu)( em| tôi| mình| tui| con| cháu| đã| cái|)( đã| cái| trước|)",
        "sợ (lắm|quá)( đi|) (để|cho) (em|mình|tôi|tui|con|cháu) (nghĩ|suy nghĩ|tính)( lại|)( đã| cái|)",
        "nghĩ (lại |thêm |)đã", "từ từ (hãy|hẵng) gửi", "khoan đợi " + _LITTLE,
        "(đợi|!chờ|chờ đợi) (|" + _LITTLE[1:] + " (|" + _LITTLE[1:] + "( đã| nhé|)", "(đợi|!chờ) (đã|tôi với)",
        "chờ (xíu|chút|tí|tẹo|lát|xí|chút xíu|một chút|một lát|đã)",
        "(chút|lát|tí|xíu|lúc) nữa( nói| kể| nhắn| viết|)( tiếp|)", "(chút|lát|tí|xíu) (nói|kể|nhắn|viết)( tiếp|)",
        "từ từ", "từ từ đã", "để (em|mình|tôi|tui|con|cháu) (nghĩ|nhớ|xem|coi)( lại|)( đã|)",
        "có (người|ai|ai đó|khách|mẹ|ba|bố|ông|bà|nó|chồng|chủ) (vào|vô|tới|đến|về|qua|ở đây|bên cạnh|ngoài cửa|"
        "đang nhìn|đang vào|đang tới|lại gần)( rồi| kìa|)",
        "có người", "(mẹ|ba|bố|má|chồng|nó|chủ|bà chủ|ông chủ|tụi nó|bọn nó|họ) (vào|vô|tới|đến|về)( rồi| kìa|)",
        "đang bận", "bận (chút|tí|xíu)", "đang dở tay", "giữ máy", "wait", "hold on", "one moment", "one second",
        "just a moment", "wait a (minute|moment|second)", "brb", "someone is (here|coming)",
        "somebody is (here|coming)", "not now",
    ),
    "worry": (
        "(hơi |còn |vẫn |cũng |)(sợ|lo|run|ngại|hoang mang|phân vân|lưỡng lự)( lắm| quá| thật| ghê| chết|)( đi| được|)", "chưa (chắc|quyết)( lắm|)",
    ),
    "resume": (
        "(ok |rồi |)(giờ |bây giờ |)(nói|kể|nhắn|viết|nói chuyện) (được|tiếp|tiếp được)( rồi|)",
        "(giờ|bây giờ) được rồi", "quay lại rồi", "em đây", "mình đây", "tôi đây", "tui đây",
        "(hỏi|nói|kể|viết) tiếp( đi|)", "tiếp (đi|tục|nào)", "tiếp", "người ta đi rồi",
        "(nó|họ|mẹ|ba|bố|chồng|người đó) (đi|ra|ra ngoài|đi ra|ngủ) rồi", "xong rồi (nói|kể|hỏi|viết) tiếp",
        "hết bận rồi", "i'm back", "i am back", "back now", "go on", "continue",
    ),
    "small_talk": (
        "a lô", "alo", "alô", "hello", "hi", "hey", "helo", "chào", "xin chào", "chào (bạn|chị|anh|em|ad)", "cảm ơn",
        "cám ơn", "cảm ơn nhiều", "thanks", "thank you", "ê", "hú", "hihi", "haha", "hehe", "huhu", "trời", "trời ơi",
        "trời đất", "ủa", "ủa gì (vậy|kỳ vậy)", "hả", "hử", "gì", "gì (vậy|thế|đó|cơ)", "sao", "sao (vậy|thế|cơ)",
        "là sao", "là sao (vậy|ạ)", "sai rồi", "sai", "sai hết rồi", "nhầm", "nhầm rồi", "lộn rồi",
        "không phải (vậy|thế|đó|chỗ đó)", "còn (đó|ở đó|đấy) không", "có (đó|ở đó|đấy|ai|ai ở đó|nghe) không",
        "có ai không", "đâu rồi", "bạn (đâu|ơi)", "nghe (không|rõ không)", "hiểu (không|chưa|rồi)", "test", "thử",
        "ping", "1", "oh", "wow", "haiz", "hic", "hix", "buồn", "chán", "xin lỗi", "sorry", "đọc được không",
        "sao (im|lâu) vậy", "biết rồi", "ngon", "good", "fine", "ok", "ừ", "dạ", "vâng", "đúng", "đúng rồi",
        "phải rồi", "được rồi", "rồi", "yes",
    ),
    # Points back to what was said before.
    "points_back": (
        "(em |mình |tôi |tui |con |cháu |chị |anh |)(đã |vừa |mới |)(nói|kể|ghi|viết|nhắn|khai|trả lời|báo|cho "
        "biết|gửi)( ở trên| trên kia| lúc nãy| hồi nãy| nãy| ở đầu| lúc đầu| ban đầu| từ đầu| bên trên| vị trí| "
        "địa chỉ| hình| ảnh| số| tên| hết| đầy đủ| câu đó| cái đó| chỗ đó|)( ở trên| ở đầu|) rồi",
        "(như|giống|y) (trên|ở trên|đã nói|đã kể|lúc nãy|hồi nãy|ban đầu|lúc đầu|trước|nãy|ở đầu|trên kia|vậy|cũ)",
        "(ở|bên) trên", "(ở|bên) trên (kia|đó|rồi|có rồi)", "ở trên kia kìa", "trên kia", "trên đó có rồi", "ở đầu",
        "ở đầu (rồi|đó|tin|kìa|câu chuyện|bài)", "ở đó đó", "chỗ đó đó", "nơi đó", "chỗ đó", "ở đó", "ở đấy",
        "chỗ (vừa|mới) (nói|kể)", "chỗ (em|mình|tôi|tui) (vừa |mới |đã |)(nói|kể)", "(nói|kể) hết rồi", "hỏi hoài",
        "hỏi (lại|hoài|mãi|miết) (vậy|thế)", "sao hỏi (lại|hoài|mãi)", "lúc nãy", "hồi nãy", "nãy giờ (nói|kể) rồi",
        "(đã có|có) ở trên( rồi|)", "đọc (ở |)trên( đi| kìa|)", "xem (ở |)trên( đi| kìa|)",
        "coi (ở |)trên( đi| kìa|)", "i (already |)(said|told you|wrote)( it| that|)( already| above| before|)",
        "already (said|told)", "see above", "as above", "same as above", "vị trí đó",
        "vị trí (em|mình|tôi) (vừa |đã |)gửi", "đã gửi vị trí",
    ),
    "that_is_all": (
        "hết", "hết rồi", "(chỉ |có |)(thế|vậy|nhiêu|bấy nhiêu|chừng đó) thôi", "chỉ biết (vậy|thế|nhiêu đó)( thôi|)",
        "xong", "xong rồi", "có nhiêu đó( thôi|)", "that's all", "that is all", "hết chuyện", "kể xong rồi",
        "(thế|vậy) (đó|đấy)",
    ),
    "refuses": (

        "không (muốn |tiện |dám |thể |được |nên |có |chịu |thích |)" + _TELL + " " + _ABOUT + "( đâu| được| ra| nữa|)",
        "không (cho|muốn) (biết|ai biết)", "(ngại|sợ) (nói|kể|lộ|bị lộ)( ra| lắm|)",
        "sợ (lắm |)không dám (nói|kể)( ra|)", "(giữ|muốn giữ) (kín|bí mật)", "bí mật", "tuyệt đối không (nói|kể)",
        "i (don't want to|won't|can't|cannot|would rather not|prefer not to) (say|tell|answer)", "prefer not to say",
        "i'd rather not (say|tell|answer)", "rather not say", "i'd rather not", "no comment",
    ),
    # How a story begins before anything is told.
    "opener": (
        "(tôi|em|mình|tui|con|cháu) (thấy|biết|nghe|có|muốn|định)( là| được|)",
        "(tôi|em|mình|tui|con|cháu|) (muốn|xin|cần) (kể|nói|báo)( chuyện này| cái này| tin| một chuyện| một việc|"
        ")",
        "chuyện là", "chuyện (là|nó) (vầy|vậy|thế này|như vầy|như này)", "số là", "là (vầy|thế này|như vầy)",
        "có chuyện (này|nè)", "để (em|mình|tôi|tui) kể", "(em|mình|tôi|tui) kể", "có (cái |)(việc|vụ|chuyện) này",
    ),
    "wants_contact": (
        "(em |mình |tôi |tui |con |cháu |)(muốn |cần |xin |cho |được |định |)(để|gửi|cho|ghi|bỏ)( lại|)( cho|) "
        "(số|số điện thoại|sđt|sdt|liên lạc|liên hệ|zalo|thông tin liên lạc|thông tin|cách liên lạc|địa chỉ liên "
        "lạc)( của em| của mình| của tôi| của tui| lại|)( được không| nữa| thêm|)",
        "(gọi|liên lạc|liên hệ)( lại|) (cho|với) (em|mình|tôi|tui)( được không|)",
        "muốn (được |)(gọi lại|liên lạc|liên hệ)",
        "thêm (số|số điện thoại|liên lạc)( của em| của mình| của tôi| của tui|)",
        "(leave|give) (my |a |you my |)(number|phone|contact)",
        "(i want to|can i|i'd like to) (leave|give you|give) (my |a |)(number|phone number|phone|contact)",
        "call me( back|)",
    ),
    # Whose a number is.
    "mine": (
        "của (em|mình|tôi|tui|con|cháu|chính em)", "số (em|mình|tôi|tui|con|cháu)", "mine", "my",
    ),
    "theirs": (
        "của (nó|họ|người|kẻ|thằng|bà|ông|bọn|tụi|chúng|chủ|anh|chị|cô|hắn|quán|môi giới)",
        "số (nó|họ|thằng|bà|ông|hắn|chủ)", "người khác", "theirs", "his", "her", "someone", "somebody",
    ),
    # For the self-check.
    "self": (
        "chính mình", "bản thân", "mình", "tôi", "em", "tui", "con", "cháu", "tớ", "me", "myself",
    ),
    "other": (
        "người khác", "người quen", "người mình biết", "người thân", "người (em|tôi|mình) biết", "bạn", "chị", "anh",
        "cô ấy", "con (tôi|em|gái|trai)", "nó", "họ", "other", "someone", "somebody", "friend",
    ),
    "none_at_all": (
        "không", "chưa", "chịu", "làm gì", "đâu", "lấy đâu", "lấy gì", "lấy mô", "mô", "hết",
    ),
    "negation": (
        "không", "chưa", "đâu có", "làm gì có", "no", "not", "never", "don't", "doesn't",
    ),
    "leading_yes": (
        "có", "vâng", "đúng", "phải", "ừ", "rồi", "yes", "yeah", "yep", "dạ",
    ),
    # How questions are recognised: by the first word, a sure phrase anywhere, or the last word.
    "asks_not": (
        "(ai|gì|đâu|sao|khi nào|bao giờ|lúc nào|chỗ nào) (cũng|nấy|chẳng)", "ai (đó|mà|nấy)", "gì đó", "sao đó", "bao nhiêu cũng",
    ),
    "asks_first": (
        "ai", "gì", "sao", "tại sao", "vì sao", "khi nào", "bao giờ", "chừng nào", "mấy giờ", "làm sao",
        "làm thế nào", "làm cách nào", "có phải", "có được", "có nên", "liệu", "(cho |xin |muốn |)hỏi",
        "(cho |) (em|mình|tôi|con|cháu) hỏi", "gọi (ai|số nào|số mấy)", "bao lâu", "bao nhiêu", "how", "what",
        "where", "who", "when", "why", "can (i|you|they|we)", "could", "do (i|you|they|we)", "does", "will", "should",
        "is (it|there|this|that)", "are (you|there|they)",
    ),
    "asks_anywhere": (
        "làm sao", "làm thế nào", "thế nào", "như nào", "là gì", "làm gì (bây giờ|giờ|đây|được|nữa)", "phải làm gì",
        "nên làm gì", "bao nhiêu tiền", "bao lâu", "số (nào|mấy)",
        "(gọi|báo|đến|tới|đi|hỏi|tìm|nhờ) (ở đâu|ai|số nào)", "ở đâu (vậy|thế|ạ|nhỉ)", "ở đâu gần đây", "tại sao",
        "vì sao", "sao lại", "phải không", "đúng không", "được không", "có không",
        "không (ạ|vậy|nhỉ|bạn|chị|anh|ad|em|ta)", "hay không", "thì sao", "mấy giờ", "gì (vậy|thế)", "ai (vậy|thế)",
        "có (bị|được|phải|cần|nên|thể|ai|sao|mất|tốn|biết|lộ) (không|gì không)", "được chưa",
        "how (do|can|long|much|many)", "what (is|are|do|should|happens|if)", "where (is|can|do)", "who (is|can|will)",
        "is it", "will (i|you|they|the)",
    ),
    "asks_last": (
        "không", "không (ạ|vậy|nhỉ|bạn|chị|anh|ad|em|ta|ha|hả|á|à)", "hả", "hở", "hử", "nhỉ", "nhể", "ha", "hè",
        "chưa", "chưa (ạ|vậy|nhỉ|bạn|chị|anh)", "(vậy|thế|rứa) (ạ|bạn|chị|anh|nhỉ|ta|)", "sao",
        "sao (ạ|vậy|bạn|chị|anh|đây|giờ|bây giờ)", "nào", "nào (ạ|vậy|bạn|chị|anh|đây)", "ở đâu", "đi đâu", "tới đâu",
        "đâu (vậy|ạ|nhỉ)", "ai", "ai (ạ|vậy|đây|bây giờ|giờ)", "gì", "gì (ạ|vậy|đây|bây giờ|giờ|nữa)", "bao giờ",
        "khi nào", "bao nhiêu", "mấy", "à",
    ),
    "negated_end": (
        "(không|chưa|đừng|ít|đâu) (biết|rõ|có|cho|thấy|nhớ|hiểu|phải|được|nói|dám|muốn|còn|cần|là|ăn|làm|cho ai|"
        "hề|tin|giúp)( là| rõ| gặp| đi| ăn| làm| nói| ra| liên lạc| tin| được| biết| cho| có|) (gì|ai|đâu|ở đâu|"
        "nào|sao|chi|bao giờ|thế nào|khi nào|bao nhiêu|mấy)",
        "(không|chưa) (ai|gì|đâu|bao giờ)", "(như|cũng|coi như|thành) không", "không (công|lương|tiền)",
    ),
    # Of what kind an answer is.
    "event": (
        "bị", "bắt", "nhốt", "giam", "giữ", "ép", "dụ", "dụ dỗ", "rủ", "lừa", "bán", "mua", "đánh", "đập", "dọa",
        "đe", "trói", "canh", "bóc lột", "cưỡng", "hiếp", "xâm hại", "sàm sỡ", "quỵt", "tịch thu",
        "thu (giấy|hộ chiếu|điện thoại|căn cước|chứng minh)", "chở", "đưa", "dẫn", "dắt", "tuyển", "môi giới",
        "chuộc", "đòi", "trốn", "mất tích", "khóc", "kêu cứu", "tiếp khách", "phục vụ", "bỏ đói", "khóa", "hứa", "gạ",
        "chích", "mang thai hộ", "đẻ thuê", "ăn xin", "đi khách", "bán dâm", "không cho", "không trả", "phải làm",
        "lấy mất", "cầm", "nghe (nói|tiếng|kể)", "thấy", "recruit", "recruiting", "sold", "sell", "locked", "took",
        "take", "forced", "forces", "beat", "kidnapped", "trafficked", "tricked", "lured", "keep", "keeps", "kept",
        "bought",
    ),
    "time": (
        "hôm (nay|qua|kia|nọ|trước|rồi|bữa|đó|ấy)",
        "hồi (trước|sáng|chiều|tối|đêm|trưa|nãy|đầu|cuối|tháng|năm|tuần|hè|tết|xưa|đó|mùa|hôm)",
        "(sáng|trưa|chiều|tối|đêm|khuya|sớm|mờ sáng|rạng sáng)",
        "(ngày|tuần|tháng|năm|quý|mùa|kỳ|dịp|lễ|giờ|phút|thứ|mùng|mồng|rằm|tết)", "chủ nhật", "cuối tuần", "bây giờ",
        "lúc này", "hiện (tại|nay|giờ|đang)", "đang xảy ra", "đang diễn ra", "vẫn (đang|còn)",
        "vừa (mới|rồi|xong|nãy|xảy ra)", "mới (đây|xảy ra|nãy|hôm|tức thì)", "nãy giờ", "lúc nãy", "ban nãy",
        "gần đây", "dạo (này|gần đây|trước)", "lâu (rồi|lắm|nay)", "từ (lâu|trước|hồi|khi|lúc|đó|đầu|cuối|mấy)",
        "cách đây", "trước (đây|đó|tết|hè|dịch)", "sau (tết|hè|dịch)", "thường xuyên", "liên tục", "suốt", "hằng",
        "hàng", "mỗi", "bữa (nay|trước|kia|qua|đó|nọ|hổm)", "hổm (nay|rày|rài)",
        "mấy (bữa|hôm|ngày|tháng|năm|tuần|lần)", "vài (bữa|hôm|ngày|tháng|năm|tuần|lần)", "ngày mai", "mai", "sắp",
        "sắp tới", "tới đây", "lúc", "mùa (hè|đông|xuân|thu|mưa|khô)", "today", "yesterday", "now", "tonight",
        "last (night|week|month|year)", "this (week|month|year|morning)", "(days|weeks|months|years|hours) ago",
        "ago", "since", "every (day|night|week)", "always", "recently", "long ago", "tomorrow", "monday", "tuesday",
        "wednesday", "thursday", "friday", "saturday", "sunday", "januar", "morning", "evening", "weekend",
    ),
    "at": (
        "ở", "tại", "bên", "trong", "ngoài", "trên", "dưới", "gần", "cạnh", "kế", "sát", "đối diện", "sau", "trước",
        "cuối", "đầu", "dọc", "khúc", "quanh", "về phía", "qua", "tới", "đoạn", "giữa", "in", "at", "near", "behind",
        "opposite", "on", "next to", "inside",
    ),
    "landmark": (
        "quán", "nhà", "trọ", "khách sạn", "nhà nghỉ", "chợ", "trường", "đường", "phố", "hẻm", "ngõ", "ngách", "kiệt",
        "ngã (ba|tư|năm|sáu)", "vòng xoay", "cầu", "bến", "ga", "bến xe", "xưởng", "công ty", "nhà máy", "khu",
        "thôn", "ấp", "xóm", "bản", "buôn", "làng", "tổ", "khóm", "xã", "phường", "huyện", "quận", "tỉnh",
        "thành phố", "thị (trấn|xã)", "km", "quốc lộ", "cao tốc", "biên giới", "cửa khẩu", "rừng", "tàu", "ghe",
        "thuyền", "biển", "đảo", "xe", "phòng", "tầng", "lầu", "căn", "sông", "suối", "kênh", "đập", "hồ", "đồi",
        "núi", "rẫy", "ruộng", "đồng", "trại", "lò", "mỏ", "chùa", "đền", "nhà thờ", "đình", "sân bay", "sân", "cảng",
        "kho", "bãi", "chung cư", "tòa nhà", "cây xăng", "siêu thị", "bệnh viện", "trạm", "bưu điện", "ủy ban",
        "tiệm", "karaoke", "spa", "massage", "bar", "casino", "cà phê", "vườn", "thành",
        "miền (bắc|nam|trung|tây|đông)", "nước ngoài", "quê", "vùng", "đồn", "trạm xá", "hotel", "street", "road",
        "house", "market", "school", "station", "bridge", "border", "room", "village", "ward", "commune", "district",
        "province", "city", "factory", "farm", "boat", "restaurant", "shop", "building", "airport",
    ),
    "people": (
        "người", "đứa", "bé", "cháu (gái|trai|bé|nhỏ|tôi|em|nó|ruột|nội|ngoại)",
        "con (bé|nhỏ|gái|trai|tôi|em|trẻ|ở|nuôi|dâu|rể|hàng xóm|bạn|cháu|mẹ|mụ|đó|này|ấy)",
        "cô (gái|bé|ấy|ta|giáo|dâu|đó|này|chủ)", "các (cô|cháu|em|chị|anh|bạn|con|bé)",
        "mấy (cô|cháu|em|chị|anh|bạn|con|bé|đứa|người|ông|bà|thằng)",
        "(hai|ba|bốn|năm|sáu|bảy|nhiều|vài|một) (cô|cháu|em|chị|anh|bạn|con|bé|ông|bà)",
        "chị (em|gái|ấy|tôi|dâu|họ|đó|hàng xóm|chủ)", "anh (em|trai|ấy|tôi|rể|họ|đó|chàng|chủ)",
        "em (gái|trai|họ|ấy|bé|nhỏ|tôi|em|dâu|rể|đó)", "bạn (em|tôi|gái|trai|mình|học|cùng|bè|tui|của|con)",
        "chú (tôi|em|ấy|hàng xóm|ruột|đó)", "bác (tôi|ấy|hàng xóm|đó)",
        "bà (tôi|ấy|chủ|ta|già|con|đó|hàng xóm|cụ|nội|ngoại)", "ông (tôi|ấy|chủ|ta|già|đó|hàng xóm|cụ|nội|ngoại)",
        "mẹ", "má", "bố", "ba (tôi|em|mẹ|nó|má|con|dượng)", "cha", "vợ", "chồng", "học sinh", "sinh viên", "phụ nữ",
        "đàn (ông|bà)", "thanh niên", "trẻ (em|con|nhỏ)", "trẻ", "thiếu (nữ|niên)", "gái", "trai", "nhân viên",
        "công nhân", "ngư phủ", "lao động", "hàng xóm", "nạn nhân", "gia đình", "họ hàng",
        "bọn (trẻ|nhỏ|họ|nó|chúng|em)", "tụi (nhỏ|nó|trẻ|em)", "chúng (nó|tôi|em)", "cả (nhà|nhóm|bọn|lớp|xóm|đám)",
        "thằng", "nó", "dưới 18", "vị thành niên", "tuổi", "girl", "girls", "boy", "boys", "man", "men", "woman",
        "women", "people", "person", "child", "children", "kid", "kids", "friend", "friends", "sister", "brother",
        "cousin", "wife", "husband", "mother", "father", "daughter", "son", "neighbour", "neighbor", "workers",
        "students", "teenagers", "minors", "victim", "victims", "they", "he", "she", "family",
    ),
    "persons": (
        "tôi", "em", "mình", "tui", "con", "cháu", "họ", "nó", "chính (tôi|em|mình|tui)",
        "(một |có |)(một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|chục|vài|nhiều|đông)( lắm|)", "me", "myself", "us",
        "many", "one", "two", "three", "four", "five", "several",
    ),
    "behind": (
        "bọn", "tụi", "băng", "nhóm", "đường dây", "tổ chức", "chủ", "ông", "bà", "anh", "chị", "chú", "cô", "dì",
        "cậu", "mợ", "thím", "bác", "má mì", "tú bà", "môi giới", "cò", "đầu nậu", "trùm", "kẻ", "hắn", "y", "con mụ",
        "mụ", "lão", "gã", "tên", "biệt danh", "facebook", "fb", "zalo", "tele", "telegram", "nick", "tài khoản",
        "biển số", "xe", "sđt", "số", "công ty", "trung tâm", "quán", "tiệm", "khách", "bạn", "công an", "cán bộ",
        "quản lý", "bảo kê", "giang hồ", "xăm", "đeo", "mặc", "cao", "lùn", "mập", "béo", "gầy", "ốm", "tóc", "da",
        "giọng", "râu", "thẹo", "sẹo", "mắt", "mặt", "tuổi", "hội", "phe", "người quen", "họ hàng", "boss", "owner",
        "manager", "agency", "agent", "company", "gang", "group", "broker", "recruiter", "named", "called", "name",
    ),
    # Words of which no name is made.
    "of_sentences": (
        "em", "tôi", "mình", "tui", "tao", "nó", "rồi", "được", "không", "chưa", "đã", "đang", "sẽ", "thì", "mà",
        "là", "ạ", "nhé", "nha", "vậy", "thế", "sao", "gì", "ai", "đâu", "nào", "quá", "lắm", "đi", "đừng", "hãy",
        "muốn", "biết", "nói", "kể", "hỏi", "i", "you", "the", "is", "am", "ok", "và", "với", "cho", "bạn", "ơi",
        "hả", "à", "ừ", "vâng", "dạ",
    ),
}  # fmt: skip
