"""Notices in other words than those of `odd_words`, and news about the same."""

from __future__ import annotations

from tests.support.odd_words import EN, ES, FR, KO, RU, VI, ZH, Wording

#: Language, headline and text of notices.
NOTICES: list[tuple[Wording, str, str]] = [
    (
        VI,
        "Oops! Không có bài viết này",
        "Trang bạn truy cập đã bị xóa hoặc không còn trên hệ thống. Mời bạn xem các tin khác.",
    ),
    (VI, "Bài báo không còn", "Bài báo bạn đang xem hiện đã được gỡ bỏ theo yêu cầu của tòa soạn."),
    (VI, "Lỗi máy chủ", "500 Internal Server Error. Máy chủ gặp sự cố, vui lòng thử lại sau."),
    (VI, "Báo Sông Hồng", "Hệ thống đang quá tải, mời bạn quay lại sau."),
    (
        VI,
        "Tạm ngừng phục vụ",
        "Để nâng cao chất lượng, báo điện tử tạm ngừng hoạt động từ 0h đến 5h. Xin lỗi bạn đọc vì sự bất tiện này.",
    ),
    (VI, "Đăng nhập tài khoản", "Nhập email và mật khẩu của bạn. Chưa có tài khoản? Đăng ký ngay."),
    (EN, "Whoops, nothing here", "It looks like nothing was found at this location. Maybe try a search?"),
    (EN, "410 Gone", "The article has been withdrawn."),
    (EN, "Access Denied", "You don't have permission to access this resource on this server."),
    (
        EN,
        "We're down for maintenance",
        "We're making some improvements and will be back online shortly. Thanks for your patience.",
    ),
    (EN, "Red River Post", "This content is no longer available."),
    (EN, "Sign in to your account", "Enter your e-mail address and password. New here? Create an account."),
    (
        EN,
        "You've reached your free article limit",
        "Subscribe now for unlimited access. Already a subscriber? Sign in.",
    ),
    (
        EN,
        "Before you continue",
        "We use cookies and data to deliver our services. Accept all or reject all. See our privacy policy.",
    ),
    (ZH, "404", "页面走丢了,请返回首页。"),
    (ZH, "该文章已下线", "您查看的文章已被作者删除。"),
    (ZH, "提示信息", "服务器繁忙,请稍后再试。"),
    (ZH, "请先登录", "登录后即可阅读全文,没有账号?立即注册。"),
    (FR, "Oups !", "La page demandée n'est plus disponible."),
    (FR, "Accès refusé", "Vous n'avez pas l'autorisation d'accéder à cette page."),
    (FR, "Identifiez-vous", "Cet article est réservé aux abonnés. Identifiez-vous ou abonnez-vous."),
    (ES, "Ups", "La página solicitada ya no está disponible."),
    (ES, "Estamos en mantenimiento", "Volvemos en unos minutos. Gracias por su paciencia."),
    (RU, "404", "К сожалению, такой страницы нет."),
    (RU, "Доступ запрещён", "У вас нет прав для просмотра этой страницы."),
    (RU, "Авторизация", "Войдите или зарегистрируйтесь, чтобы читать дальше."),
    (KO, "404 Not Found", "요청하신 페이지가 삭제되었거나 주소가 변경되었습니다."),
    (KO, "서비스 이용 안내", "시스템 점검으로 서비스가 일시 중단되었습니다. 잠시 후 이용해 주세요."),
]
#: The same of flashes.
NEWS: list[tuple[Wording, str, str]] = [
    (
        VI,
        "Hàng nghìn tài khoản bị xóa trên mạng xã hội",
        "Nền tảng này cho biết đã xóa 12.000 tài khoản giả mạo. Người dùng cần đăng nhập lại.",
    ),
    (
        VI,
        "Cổng dịch vụ công bảo trì đến 30/11",
        "Cổng dịch vụ công quốc gia tạm ngừng hoạt động để bảo trì, Văn phòng Chính phủ thông báo.",
    ),
    (
        VI,
        "Không tìm thấy hộp đen máy bay rơi",
        "Lực lượng cứu hộ chưa tìm thấy hộp đen sau ba ngày tìm kiếm ở vùng biển phía nam.",
    ),
    (VI, "404 ca mắc mới", "Cả nước ghi nhận 404 ca mắc mới trong ngày, Bộ Y tế cho biết."),
    (EN, "Black box not found", "Divers have not found the black box of the plane that crashed on Sunday."),
    (
        EN,
        "Shop owner apologises after error",
        "The owner said sorry for the inconvenience after an error closed the shop in Hue.",
    ),
    (
        EN,
        "Access denied to reporters at trial",
        "Reporters were denied access to the courtroom in Hanoi on Tuesday.",
    ),
    (
        EN,
        "Cookies recalled over metal",
        "A bakery recalled 500 boxes of cookies. The cookies were sold in Hue.",
    ),
    (
        EN,
        "Subscribers to streaming rise",
        "The service has two million subscribers, up from one million; many subscribe to sports.",
    ),
    (
        EN,
        "Page missing from Bible found",
        "A page missing from a 15th century Bible was found in an attic in Hue.",
    ),
    (ZH, "黑匣子仍未找到", "搜救人员表示,坠机三天后黑匣子仍未找到。"),
    (ZH, "故宫暂停服务一日", "故宫博物院因设备检修,周二暂停服务一日。"),
    (RU, "Чёрный ящик не найден", "Спасатели пока не нашли чёрный ящик самолёта, сообщили в министерстве."),
    (
        FR,
        "L'enfant reste introuvable",
        "Le garçon de huit ans reste introuvable trois jours après sa disparition à Hué.",
    ),
    (
        ES,
        "El niño no fue encontrado",
        "El niño no fue encontrado tras tres días de búsqueda en Hué, dijo la policía.",
    ),
    (KO, "실종자 찾을 수 없어 수색 종료", "구조대는 사흘간 실종자를 찾지 못해 수색을 끝냈다고 밝혔다."),
]
