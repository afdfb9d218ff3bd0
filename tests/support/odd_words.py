"""What made pages say, in seven languages: notices of all sorts, and the sentences and headlines of news."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """The words of one language."""

    code: str
    site: str
    today: str
    licence: str
    menu: tuple[str, ...]
    headlines: tuple[str, ...]
    #: Headlines of news about what the notices are about.
    about_errors: tuple[str, ...]
    sentences: tuple[str, ...]
    byline: str
    #: Title and text of each notice.
    missing: tuple[tuple[str, str], ...]
    long_missing: tuple[str, str]
    closed: tuple[tuple[str, str], ...]
    long_closed: tuple[str, str]
    login: tuple[str, str]
    paywall: tuple[str, str]
    consent: tuple[str, str]
    scripts: str
    found: str
    tag: str
    #: A shop's words, a forum's, a manual's, a company's.
    shop: tuple[str, ...]
    forum: tuple[str, ...]
    manual: tuple[str, ...]
    company: tuple[str, ...]
    caption: str
    #: A short piece of each odd sort: letter, obituary, correction, weather.
    pieces: tuple[tuple[str, str], ...]


VI = Wording(
    code="vi",
    site="Báo Sông Hồng",
    today="Thứ Năm, 26/11/2026 08:15",
    licence="Giấy phép số 123/GP-BTTTT cấp ngày 11/9/2018. Tổng biên tập: Trần Văn An",
    menu=("Chính trị", "Kinh tế", "Xã hội", "Văn hóa", "Thể thao", "Thế giới", "Giáo dục", "Y tế"),
    headlines=(
        "Hà Nội khánh thành cây cầu thứ bảy bắc qua sông Hồng",
        "Giá cà phê tăng mạnh phiên thứ ba liên tiếp",
        "Thủ tướng tiếp đoàn doanh nghiệp Nhật Bản",
        "Tuyển bóng đá nữ tập trung trước giải Đông Nam Á",
        "Bão số 9 suy yếu thành áp thấp nhiệt đới",
        "Nông dân Lâm Đồng được mùa hoa Tết",
    ),
    about_errors=(
        "Trang web Bộ Y tế bị lỗi 404 suốt buổi sáng",
        "500 người xếp hàng mua vé tàu Tết",
        "Ngân hàng bảo trì hệ thống ba ngày, khách không rút được tiền",
        "Lộ dữ liệu đăng nhập của một triệu người dùng",
        "Phà Cát Lái tạm ngừng hoạt động vì bão",
    ),
    sentences=(
        "Sáng 25/11, Bộ Giao thông Vận tải tổ chức lễ khánh thành công trình sau ba năm thi công.",
        "Theo ông Nguyễn Văn Bình, giám đốc dự án, tổng mức đầu tư hơn 2.500 tỷ đồng.",
        "Hàng nghìn người dân hai bên bờ sông đã đến xem từ sáng sớm.",
        "Chị Lan, một tiểu thương ở chợ Long Biên, cho biết việc đi lại sẽ thuận tiện hơn nhiều.",
        "Giai đoạn hai dự kiến khởi công vào quý một năm sau, khi mùa mưa đã kết thúc.",
        "Các chuyên gia nhận định lưu lượng xe qua khu vực sẽ giảm khoảng một phần ba.",
    ),
    byline="Minh Anh",
    missing=(
        ("Bài viết không tồn tại", "Bài viết bạn đang tìm không tồn tại hoặc đã bị xóa."),
        ("404 - Không tìm thấy trang", "Rất tiếc, trang bạn yêu cầu không tìm thấy. Quay lại trang chủ."),
        ("Lỗi 404", "Đường dẫn này không còn tồn tại. Vui lòng kiểm tra lại địa chỉ."),
    ),
    long_missing=(
        "Không tìm thấy nội dung",
        ("Rất tiếc, nội dung bạn yêu cầu không tồn tại. Có thể bài viết đã bị gỡ hoặc được chuyển sang địa chỉ khác. "
        "Bạn vui lòng kiểm tra lại đường dẫn, hoặc quay về trang chủ để đọc những tin mới nhất trong ngày. "
        "Nếu bạn đến đây từ một trang khác, xin báo cho chúng tôi biết để chúng tôi sửa liên kết. "
        "Bạn cũng có thể dùng ô tìm kiếm ở đầu trang, hoặc xem các chuyên mục trong thực đơn bên trái màn hình."),
    ),
    closed=(
        ("Hệ thống đang bảo trì", "Hệ thống đang bảo trì, vui lòng quay lại sau ít phút."),
        ("Website đang nâng cấp", "Website đang được nâng cấp hệ thống. Mong quý độc giả thông cảm."),
    ),
    long_closed=(
        "Thông báo bảo trì hệ thống",
        ("Kính gửi quý độc giả, chúng tôi đang tiến hành bảo trì và nâng cấp hệ thống máy chủ từ 22 giờ đêm nay đến 6 giờ "
        "sáng mai để phục vụ bạn đọc tốt hơn. Trong thời gian này một số chuyên mục không truy cập được, ảnh và video có "
        "thể hiển thị chậm. Các tin mới vẫn được đăng trên trang mạng xã hội của báo. Mọi thắc mắc xin gửi về tòa soạn "
        "theo số điện thoại ở cuối trang. Mong quý độc giả thông cảm vì sự bất tiện này. Trân trọng cảm ơn."),
    ),
    login=("Đăng nhập", "Vui lòng đăng nhập để tiếp tục đọc bài viết này. Quên mật khẩu? Đăng ký tài khoản mới."),
    paywall=(
        "Nội dung dành riêng cho thành viên",
        "Bài viết này dành riêng cho thuê bao. Đăng nhập hoặc mua gói để đọc tiếp.",
    ),
    consent=(
        "Quyền riêng tư của bạn",
        ("Chúng tôi sử dụng cookie để cải thiện trải nghiệm. Bạn có đồng ý cho chúng tôi dùng cookie không? "
        "Nhấn chấp nhận để tiếp tục."),
    ),
    scripts="Vui lòng bật JavaScript để xem trang này.",
    found="Kết quả tìm kiếm",
    tag="Chủ đề",
    shop=("Thêm vào giỏ hàng", "Áo sơ mi nam vải lanh, dáng rộng, giặt máy được", "450.000 đ", "Liên hệ"),
    forum=("trả lời", "thích", "Theo mình thì bạn nên thử cách khác xem sao, mình cũng từng bị như bạn."),
    manual=("Cài đặt", "Chạy lệnh sau để cài gói, rồi đặt biến môi trường như trong ví dụ."),
    company=("Dịch vụ của chúng tôi", "Chúng tôi giúp doanh nghiệp của bạn chuyển đổi số nhanh và rẻ.", "báo giá"),
    caption="Người dân đi bộ trên cầu trong ngày đầu thông xe. (Ảnh: Minh Anh)",
    pieces=(
        ("Thư bạn đọc: Xin đừng chặt hàng cây", "Kính gửi tòa soạn, tôi sống ở phố này bốn mươi năm. Hàng cây che nắng cho cả phố. Xin đừng chặt."),
        ("Tin buồn", "Nhà thơ Nguyễn Văn Bình, sinh năm 1935, đã từ trần hồi 5 giờ 20 phút ngày 24/11, hưởng thọ 91 tuổi."),
        ("Đính chính", "Trong bài đăng ngày 24/11, tên ông Trần Văn An bị viết sai. Tòa soạn xin cáo lỗi cùng bạn đọc."),
        ("Thời tiết ngày 26/11", "Hà Nội có mưa rào, nhiệt độ 18-22 độ C. Miền Trung mưa to, đề phòng lũ quét."),
    ),
)  # fmt: skip
ZH = Wording(
    code="zh",
    site="红河日报",
    today="2026年11月26日 星期四 08:15",
    licence="新闻许可证号 123 2018年9月11日发 总编辑 陈文安 版权所有",
    menu=("时政", "经济", "社会", "文化", "体育", "国际", "教育", "健康"),
    headlines=(
        "河内第七座红河大桥正式建成通车",
        "咖啡价格连续第三个交易日大幅上涨",
        "总理会见日本企业代表团共商合作",
        "女足国家队集中备战东南亚运动会",
        "第九号台风减弱为热带低气压",
        "林同省农民喜迎春节花卉丰收",
    ),
    about_errors=(
        "银行系统维护三天 客户无法取款",
        "卫生部网站整个上午出现404错误",
        "五百人连夜排队购买春节火车票",
        "百万用户登录数据被盗 警方展开调查",
        "因台风影响 吉莱渡口暂停服务",
    ),
    sentences=(
        "11月25日上午,越南交通运输部举行大桥建成通车仪式,工程历时三年。",
        "项目经理阮文平表示,该项目总投资额超过2.5万亿越盾。",
        "数千名市民一大早就来到两岸观看。",
        "龙边市场的商贩兰女士说,今后出行将方便得多。",
        "二期工程预计明年第一季度雨季结束后动工。",
        "专家认为,该地区的车流量将减少约三分之一。",
    ),
    byline="黎明英",
    missing=(
        ("页面不存在", "抱歉,您访问的页面不存在或已被删除。"),
        ("404 找不到页面", "对不起,您要找的文章找不到了。请返回首页。"),
        ("出错了", "您请求的网页无法访问,请检查网址后再试。"),
    ),
    long_missing=(
        "您访问的页面找不到了",
        ("很抱歉,您访问的页面不存在。可能该文章已被删除,也可能已移动到其他地址。请检查网址是否正确,或返回首页浏览最新新闻。"
        "如果您是从其他网站来到这里的,请告诉我们,我们会尽快修正链接。您也可以使用页面顶部的搜索框,或从左侧菜单中选择栏目继续浏览。"
        "感谢您一直以来对本报的支持。"),
    ),
    closed=(
        ("网站维护中", "网站正在维护,请稍后再试。"),
        ("系统升级公告", "系统正在升级维护,暂停服务,给您带来不便,敬请谅解。"),
    ),
    long_closed=(
        "系统维护公告",
        ("尊敬的读者:为了给您提供更好的服务,本站将于今晚22时至明晨6时对服务器进行升级维护。在此期间,部分栏目无法访问,图片和视频可能"
        "显示缓慢。最新消息仍将在本报的社交媒体账号上发布。如有疑问,请拨打页面底部的电话与编辑部联系。维护完成后,所有功能将恢复正常。"
        "给您带来的不便,敬请谅解。"),
    ),
    login=("用户登录", "请登录后继续阅读本文。忘记密码?注册新账号。"),
    paywall=("会员专享", "本文仅限订阅会员阅读。请登录或立即订阅,继续阅读全文。"),
    consent=("您的隐私", "本网站使用Cookie改善您的体验。您同意我们使用Cookie吗?请点击同意继续。"),
    scripts="请启用JavaScript后继续。",
    found="搜索结果",
    tag="标签",
    shop=("加入购物车", "男士亚麻衬衫,宽松版型,可机洗", "¥ 128.00", "联系我们"),
    forum=("回复", "楼主", "我觉得你可以换一种方法试试,我以前也遇到过和你一样的问题。"),
    manual=("安装", "运行以下命令安装软件包,然后按照示例设置环境变量。"),
    company=("我们的服务", "我们帮助您的企业快速、低成本地完成数字化转型。", "免费试用"),
    caption="通车首日,市民在大桥上步行。黎明英 摄",
    pieces=(
        ("读者来信:请不要砍掉这排树", "编辑同志:我在这条街住了四十年。这排树为整条街遮阳。请不要砍掉它们。"),
        ("讣告", "诗人阮文平先生因病于11月24日5时20分逝世,享年91岁。"),
        ("更正", "本报11月24日所刊文章中,陈文安先生的姓名有误,特此更正。"),
        ("11月26日天气预报", "河内有阵雨,气温18至22摄氏度。中部地区有大雨,须防范山洪。"),
    ),
)  # fmt: skip
EN = Wording(
    code="en",
    site="Red River Post",
    today="Thursday, November 26, 2026 08:15",
    licence="Licence No. 123 granted on September 11, 2018. © Red River Post. All rights reserved",
    menu=("Politics", "Business", "Society", "Culture", "Sports", "World", "Education", "Health"),
    headlines=(
        "Seventh bridge across the Red River opens in Hanoi",
        "Coffee prices soar for the third day in a row",
        "Prime minister meets Japanese business delegation",
        "Women's team gathers before the regional games",
        "Storm number nine weakens to a depression",
        "Flower farmers expect a good Lunar New Year",
    ),
    about_errors=(
        "Ministry's website not found for a whole morning",
        "Metro line under maintenance for two weeks",
        "Login data of a million users stolen",
        "500 people queue overnight for train tickets",
        "Error 404: the artist who paints broken links",
        "Ferry service currently unavailable after storm, says port",
    ),
    sentences=(
        "The Ministry of Transport inaugurated the structure on November 25 after three years of work.",
        "The project cost more than 2.5 trillion dong, said Nguyen Van Binh, who led it.",
        "Thousands of people on both banks had come early in the morning to see it.",
        "Lan, who sells vegetables at Long Bien market, said her way to work would be much shorter.",
        "The second phase is to begin early next year, when the rainy season is over.",
        "Experts believe that traffic in the district will fall by about a third.",
    ),
    byline="Minh Anh",
    missing=(
        ("Page not found", "Sorry, the page you are looking for does not exist or has been removed."),
        ("404 Error", "Oops! We can't find the page you requested. Try the homepage."),
        ("This page is missing", "The link you followed may be broken, or the article is no longer available."),
    ),
    long_missing=(
        "The page you requested cannot be found",
        ("We are sorry, but the page you requested was not found on our server. The article may have been moved to another "
        "address, or it may have been removed by our editors. Please check the address for typing mistakes, or go back to the "
        "homepage to read today's most important news. If you came here from another website, please let us know so that we "
        "can mend the link. You can also use the search box at the top of this page or choose a section from the menu."),
    ),
    closed=(
        ("Site under maintenance", "Our website is under maintenance. We will be back soon."),
        ("We'll be right back", "The service is temporarily unavailable. Please try again later."),
    ),
    long_closed=(
        "Scheduled maintenance",
        ("Dear readers, we are performing scheduled maintenance on our servers from 10 pm tonight until 6 am tomorrow in order "
        "to serve you better. During this time some sections of the newspaper cannot be opened, and pictures and videos may "
        "load slowly. We continue to publish the latest news on our social media accounts. If you have any questions, please "
        "call the number at the bottom of this page. We apologize for the inconvenience and thank you for your patience."),
    ),
    login=("Log in", "Please log in to continue reading. Forgot your password? Create an account."),
    paywall=("Subscribe to continue reading", "This article is for subscribers only. Already a subscriber? Log in to read."),
    consent=(
        "We value your privacy",
        ("We and our partners use cookies to improve your experience. Do you consent to the use of cookies? "
        "Accept all or manage preferences."),
    ),
    scripts="You need to enable JavaScript to run this app.",
    found="Search results",
    tag="Topic",
    shop=("Add to cart", "Men's linen shirt, loose fit, machine washable", "$ 24.90", "Contact us"),
    forum=("reply", "likes", "I think you should try it the other way round, I had the same problem as you last year."),
    manual=("Installation", "Run the following command to install the package, then set the variable as in the example."),
    company=("Our services", "We help your business to go digital, quickly and at a low price.", "get a quote"),
    caption="People walk on the bridge on its first day. (Photo: Minh Anh)",
    pieces=(
        ("Letter: please spare our trees", "Sir, I have lived in this street for forty years. The trees give shade to all of it. Please spare them."),
        ("Obituary: Nguyen Van Binh", "The poet Nguyen Van Binh, born in 1935, died on November 24 at the age of 91."),
        ("Correction", "In a report published on November 24 the name of Tran Van An was misspelled. It has been corrected."),
        ("Weather for November 26", "Showers in Hanoi, 18 to 22 degrees. Heavy rain in the central region; beware of flash floods."),
    ),
)  # fmt: skip
FR = Wording(
    code="fr",
    site="Le Fleuve Rouge",
    today="jeudi 26 novembre 2026 08:15",
    licence="Licence n° 123 du 11 septembre 2018. Directeur de la publication : Tran Van An",
    menu=("Politique", "Économie", "Société", "Culture", "Sports", "Monde", "Éducation", "Santé"),
    headlines=(
        "Un septième pont sur le fleuve Rouge ouvre à Hanoï",
        "Le prix du café bondit pour le troisième jour",
        "Le Premier ministre reçoit des patrons japonais",
        "L'équipe féminine se réunit avant les Jeux régionaux",
        "Le typhon numéro neuf faiblit en dépression",
        "Les fleuristes attendent un bon Nouvel An lunaire",
    ),
    about_errors=(
        "La ligne 2 du métro en maintenance pendant quinze jours",
        "Le site du ministère introuvable toute une matinée",
        "500 personnes font la queue pour un billet de train",
        "Un million d'identifiants de connexion volés à une banque",
    ),
    sentences=(
        "Le ministère des Transports a inauguré l'ouvrage le 25 novembre, après trois ans de travaux.",
        "Le projet a coûté plus de 2.500 milliards de dongs, a déclaré Nguyen Van Binh, qui l'a dirigé.",
        "Des milliers d'habitants des deux rives étaient venus dès l'aube.",
        "Lan, qui vend des légumes au marché de Long Bien, dit que son trajet sera bien plus court.",
        "La deuxième phase doit commencer au début de l'an prochain, après la saison des pluies.",
        "Selon les experts, la circulation dans le district diminuera d'un tiers environ.",
    ),
    byline="Minh Anh",
    missing=(
        ("Page introuvable", "Désolé, la page que vous recherchez n'existe pas ou a été supprimée."),
        ("Erreur 404", "L'article demandé est introuvable. Retour à l'accueil."),
    ),
    long_missing=(
        "Cette page n'existe plus",
        ("Nous sommes désolés, la page que vous avez demandée est introuvable. L'article a peut-être été déplacé à une autre "
        "adresse, ou il a été supprimé par la rédaction. Vérifiez que l'adresse ne contient pas de faute de frappe, ou revenez "
        "à l'accueil pour lire les nouvelles du jour. Si vous venez d'un autre site, merci de nous le signaler afin que nous "
        "puissions corriger le lien. Vous pouvez aussi utiliser la recherche en haut de la page ou choisir une rubrique."),
    ),
    closed=(
        ("Site en maintenance", "Notre site est actuellement en maintenance. Veuillez réessayer plus tard."),
        ("Service momentanément indisponible", "Le service est indisponible. Nous vous prions de nous excuser."),
    ),
    long_closed=(
        "Maintenance en cours",
        ("Chers lecteurs, une maintenance de nos serveurs est en cours de 22 heures ce soir à 6 heures demain matin afin de mieux "
        "vous servir. Pendant ce temps certaines rubriques du journal ne s'ouvrent pas, et les photos et vidéos peuvent tarder "
        "à s'afficher. Les dernières nouvelles paraissent sur nos comptes des réseaux sociaux. Pour toute question, appelez le "
        "numéro au bas de cette page. Nous vous prions de nous excuser pour la gêne occasionnée."),
    ),
    login=("Connexion", "Connectez-vous pour poursuivre la lecture. Mot de passe oublié ? Créer un compte."),
    paywall=("Article réservé aux abonnés", "La suite est réservée à nos abonnés. Déjà abonné ? Connectez-vous. Abonnez-vous pour lire."),
    consent=(
        "Le respect de votre vie privée",
        ("Nous utilisons des cookies pour améliorer votre expérience. Donnez-vous votre consentement à l'usage de cookies ? "
        "Accepter et continuer."),
    ),
    scripts="Veuillez activer JavaScript pour voir cette page.",
    found="Résultats de recherche",
    tag="Thème",
    shop=("Ajouter au panier", "Chemise en lin pour homme, coupe ample, lavable en machine", "24,90 €", "contactez"),
    forum=("répondre", "likes", "À mon avis tu devrais essayer autrement, j'ai eu le même problème que toi l'an dernier."),
    manual=("Installation", "Lancez la commande suivante pour installer le paquet, puis réglez la variable comme dans l'exemple."),
    company=("Nos services", "Nous aidons votre entreprise à passer au numérique, vite et à bas prix.", "devis"),
    caption="Des habitants marchent sur le pont le premier jour. (Photo : Minh Anh)",
    pieces=(
        ("Courrier : épargnez nos arbres", "Monsieur, j'habite cette rue depuis quarante ans. Les arbres l'ombragent tout entière. Épargnez-les."),
        ("Nécrologie : Nguyen Van Binh", "Le poète Nguyen Van Binh, né en 1935, est décédé le 24 novembre à l'âge de 91 ans."),
        ("Rectificatif", "Dans un article paru le 24 novembre, le nom de Tran Van An était mal écrit. Il a été corrigé."),
        ("Météo du 26 novembre", "Averses à Hanoï, de 18 à 22 degrés. Fortes pluies dans le Centre, gare aux crues."),
    ),
)  # fmt: skip
ES = Wording(
    code="es",
    site="El Río Rojo",
    today="jueves, 26 de noviembre de 2026 08:15",
    licence="Licencia 123 del 11 de septiembre de 2018. Todos los derechos reservados",
    menu=("Política", "Economía", "Sociedad", "Cultura", "Deportes", "Mundo", "Educación", "Salud"),
    headlines=(
        "Abren en Hanói el séptimo puente sobre el río Rojo",
        "El precio del café sube por tercer día consecutivo",
        "El primer ministro recibe a empresarios japoneses",
        "La selección femenina se concentra antes de los Juegos",
        "El tifón número nueve se debilita a depresión",
        "Los floricultores esperan un buen Año Nuevo lunar",
    ),
    about_errors=(
        "La línea 2 del metro, en mantenimiento durante dos semanas",
        "Roban los datos para iniciar sesión de un millón de clientes",
        "500 personas hacen cola para comprar un billete de tren",
        "La página del ministerio no estuvo disponible toda la mañana",
    ),
    sentences=(
        "El Ministerio de Transporte inauguró la obra el 25 de noviembre, tras tres años de trabajo.",
        "El proyecto costó más de 2,5 billones de dongs, dijo Nguyen Van Binh, su director.",
        "Miles de vecinos de ambas orillas habían llegado al amanecer para verlo.",
        "Lan, que vende verduras en el mercado de Long Bien, dijo que su camino será mucho más corto.",
        "La segunda fase debe comenzar a principios de año, cuando acabe la temporada de lluvias.",
        "Los expertos creen que el tráfico del distrito bajará cerca de un tercio.",
    ),
    byline="Minh Anh",
    missing=(
        ("Página no encontrada", "Lo sentimos, la página que busca no existe o ha sido eliminada."),
        ("Error 404", "No se ha podido encontrar el artículo solicitado. Volver al inicio."),
    ),
    long_missing=(
        "La página que busca no existe",
        ("Lo sentimos, la página que usted busca no existe en nuestro servidor. El artículo puede haber cambiado de dirección, o "
        "ha sido retirado por la redacción. Compruebe que la dirección esté bien escrita, o vuelva al inicio para leer las "
        "noticias más importantes del día. Si llegó aquí desde otro sitio, avísenos para que podamos corregir el enlace. "
        "También puede usar el buscador de la parte superior de la página o elegir una sección en el menú."),
    ),
    closed=(
        ("Sitio en mantenimiento", "Nuestro sitio está en mantenimiento. Inténtelo más tarde."),
        ("Servicio no disponible", "El servicio no está disponible en este momento. Disculpe las molestias."),
    ),
    long_closed=(
        "Trabajos de mantenimiento",
        ("Estimados lectores: nuestros servidores están en mantenimiento desde las 22 horas de hoy hasta las 6 de la mañana para "
        "servirles mejor. Durante este tiempo algunas secciones del periódico no se abren, y las fotos y los vídeos pueden tardar "
        "en cargarse. Las últimas noticias se publican en nuestras redes sociales. Si tiene alguna pregunta, llame al número que "
        "figura al pie de esta página. Disculpen las molestias y gracias por su paciencia."),
    ),
    login=("Iniciar sesión", "Inicia sesión para seguir leyendo. ¿Olvidaste tu contraseña? Crea una cuenta."),
    paywall=("Exclusivo para suscriptores", "Este artículo es exclusivo para suscriptores. Suscríbete o inicia sesión para leer."),
    consent=(
        "Tu privacidad",
        "Usamos cookies para mejorar tu experiencia. ¿Das tu consentimiento al uso de cookies? Aceptar y continuar.",
    ),
    scripts="Por favor, habilita JavaScript para ver esta página.",
    found="Resultados de búsqueda",
    tag="Tema",
    shop=("Añadir al carrito", "Camisa de lino para hombre, corte holgado, lavable a máquina", "24,90 €", "contáctenos"),
    forum=("responder", "likes", "Yo creo que deberías probar de otra manera, tuve el mismo problema que tú el año pasado."),
    manual=("Instalación", "Ejecute la siguiente orden para instalar el paquete y ponga la variable como en el ejemplo."),
    company=("Nuestros servicios", "Ayudamos a su empresa a hacerse digital, rápido y a bajo precio.", "contáctenos"),
    caption="Vecinos caminan por el puente en su primer día. (Foto: Minh Anh)",
    pieces=(
        ("Carta: salven nuestros árboles", "Señor director: vivo en esta calle desde hace cuarenta años. Los árboles le dan sombra. Sálvenlos."),
        ("Obituario: Nguyen Van Binh", "El poeta Nguyen Van Binh, nacido en 1935, murió el 24 de noviembre a los 91 años."),
        ("Fe de errores", "En una nota publicada el 24 de noviembre, el nombre de Tran Van An apareció mal escrito. Ya está corregido."),
        ("El tiempo del 26 de noviembre", "Chubascos en Hanói, de 18 a 22 grados. Lluvias fuertes en el centro; cuidado con las crecidas."),
    ),
)  # fmt: skip
RU = Wording(
    code="ru",
    site="Красная река",
    today="четверг, 26 ноября 2026, 08:15",
    licence="Свидетельство № 123 от 11 сентября 2018 г. Зарегистрировано в министерстве",
    menu=("Политика", "Экономика", "Общество", "Культура", "Спорт", "В мире", "Образование", "Здоровье"),
    headlines=(
        "В Ханое открыли седьмой мост через Красную реку",
        "Цены на кофе растут третий день подряд",
        "Премьер-министр принял японских предпринимателей",
        "Женская сборная собралась перед играми региона",
        "Тайфун номер девять ослаб до депрессии",
        "Цветоводы ждут хорошего лунного Нового года",
    ),
    about_errors=(
        "Сайт министерства был временно недоступен всё утро",
        "На второй линии метро идут технические работы: две недели без поездов",
        "Похищены логины миллиона клиентов банка",
        "500 человек стояли ночью за билетами на поезд",
    ),
    sentences=(
        "Министерство транспорта открыло мост 25 ноября после трёх лет строительства.",
        "Проект обошёлся более чем в 2,5 триллиона донгов, сказал его руководитель Нгуен Ван Бинь.",
        "Тысячи жителей обоих берегов пришли посмотреть на него рано утром.",
        "Лан, торгующая овощами на рынке Лонгбьен, сказала, что дорога на работу станет намного короче.",
        "Вторая очередь начнётся в начале следующего года, когда закончится сезон дождей.",
        "Эксперты считают, что движение в районе уменьшится примерно на треть.",
    ),
    byline="Минь Ань",
    missing=(
        ("Страница не найдена", "Извините, запрашиваемая страница не существует или была удалена."),
        ("Ошибка 404", "Материал, который вы ищете, не найден. Вернитесь на главную."),
    ),
    long_missing=(
        "Запрашиваемая страница не найдена",
        ("К сожалению, страница, которую вы искали, не найдена на нашем сервере. Возможно, статья была перемещена по другому адресу "
        "или удалена редакцией. Проверьте, нет ли в адресе опечатки, или вернитесь на главную страницу, чтобы прочесть важнейшие "
        "новости дня. Если вы пришли с другого сайта, сообщите нам, чтобы мы исправили ссылку. Вы также можете воспользоваться "
        "поиском вверху страницы или выбрать раздел в меню слева."),
    ),
    closed=(
        ("Технические работы", "На сайте ведутся технические работы. Пожалуйста, попробуйте позже."),
        ("Сайт временно недоступен", "Сайт временно недоступен. Приносим извинения за неудобства."),
    ),
    long_closed=(
        "На сайте проводятся технические работы",
        ("Уважаемые читатели! С 22 часов сегодняшнего дня до 6 часов утра на наших серверах проводятся технические работы, чтобы сайт "
        "работал лучше. В это время некоторые разделы газеты не открываются, фотографии и видео могут загружаться медленно. Последние "
        "новости мы публикуем в социальных сетях. Если у вас есть вопросы, звоните по телефону внизу страницы. Приносим извинения за "
        "неудобства и благодарим за терпение."),
    ),
    login=("Вход", "Войдите, чтобы продолжить чтение. Забыли пароль? Создать аккаунт."),
    paywall=("Материал доступен только по подписке", "Эта статья доступна только подписчикам. Оформите подписку или войдите."),
    consent=(
        "Ваша конфиденциальность",
        "Мы используем файлы cookie, чтобы улучшить сайт. Вы даёте согласие на использование cookie? Принять и продолжить.",
    ),
    scripts="Пожалуйста, включите JavaScript, чтобы увидеть страницу.",
    found="Результаты поиска",
    tag="Тема",
    shop=("В корзину", "Мужская льняная рубашка свободного кроя, можно стирать в машине", "1 990 ₽", "связаться"),
    forum=("ответить", "likes", "Мне кажется, тебе стоит попробовать иначе, у меня в прошлом году была такая же беда."),
    manual=("Установка", "Выполните следующую команду, чтобы установить пакет, затем задайте переменную, как в примере."),
    company=("Наши услуги", "Мы помогаем вашему бизнесу стать цифровым быстро и недорого.", "связаться"),
    caption="Жители идут по мосту в первый день. (Фото: Минь Ань)",
    pieces=(
        ("Письмо: пощадите наши деревья", "Уважаемая редакция! Я живу на этой улице сорок лет. Деревья дают ей тень. Пощадите их."),
        ("Умер поэт Нгуен Ван Бинь", "Поэт Нгуен Ван Бинь, родившийся в 1935 году, скончался 24 ноября на 92-м году жизни."),
        ("Поправка", "В заметке от 24 ноября имя Чан Ван Ана было написано неверно. Ошибка исправлена, редакция просит прощения."),
        ("Погода на 26 ноября", "В Ханое ливни, от 18 до 22 градусов. В центре страны сильные дожди, возможны паводки."),
    ),
)  # fmt: skip
KO = Wording(
    code="ko",
    site="홍강일보",
    today="2026년 11월 26일 목요일 08:15",
    licence="등록번호 123 (2018.9.11) 총편집 쩐반안 All rights reserved",
    menu=("정치", "경제", "사회", "문화", "스포츠", "국제", "교육", "건강"),
    headlines=(
        "하노이 홍강에 일곱 번째 다리 개통",
        "커피 가격 사흘 연속 큰 폭 상승",
        "총리, 일본 기업 대표단 접견하고 협력 논의",
        "여자 축구 대표팀 동남아 대회 앞두고 소집",
        "제9호 태풍 열대저압부로 약화",
        "람동성 농민들 설 꽃 풍년에 웃음",
    ),
    about_errors=(
        "은행 시스템 점검 사흘간 이어져 고객 불편",
        "보건부 홈페이지 오전 내내 404 오류",
        "설 기차표 사려고 500명 밤새 줄 서",
        "이용자 백만 명 로그인 정보 유출 경찰 수사",
    ),
    sentences=(
        "교통부는 11월 25일 오전 3년간의 공사를 마치고 다리 개통식을 열었다.",
        "사업 책임자 응우옌 반 빈은 총사업비가 2조 5천억 동을 넘는다고 말했다.",
        "양쪽 강변의 주민 수천 명이 이른 아침부터 구경하러 나왔다.",
        "롱비엔 시장에서 채소를 파는 란 씨는 출근길이 훨씬 짧아질 것이라고 말했다.",
        "2단계 공사는 우기가 끝나는 내년 초에 시작될 예정이다.",
        "전문가들은 이 지역의 교통량이 3분의 1가량 줄어들 것으로 보고 있다.",
    ),
    byline="민아인",
    missing=(
        ("페이지를 찾을 수 없습니다", "죄송합니다. 요청하신 페이지를 찾을 수 없습니다."),
        ("404 오류", "찾으시는 기사가 존재하지 않거나 삭제되었습니다."),
    ),
    long_missing=(
        "요청하신 페이지를 찾을 수 없습니다",
        ("죄송합니다. 요청하신 페이지를 서버에서 찾을 수 없습니다. 기사가 다른 주소로 옮겨졌거나 편집부에서 삭제했을 수 있습니다. 주소에 잘못된 글자가 "
        "없는지 확인하시거나 홈페이지로 돌아가 오늘의 주요 뉴스를 읽어 주십시오. 다른 사이트에서 오셨다면 저희에게 알려 주시면 링크를 고치겠습니다. "
        "페이지 위쪽의 검색창을 이용하시거나 왼쪽 메뉴에서 분야를 고르셔도 됩니다."),
    ),
    closed=(
        ("시스템 점검 안내", "현재 시스템 점검 중입니다. 잠시 후 다시 시도해 주세요."),
        ("서비스 점검 중", "서비스 점검 중입니다. 이용에 불편을 드려 죄송합니다."),
    ),
    long_closed=(
        "시스템 점검 안내",
        ("독자 여러분께 알려 드립니다. 더 나은 서비스를 위해 오늘 밤 10시부터 내일 오전 6시까지 서버 점검을 실시합니다. 이 시간 동안 일부 분야가 열리지 "
        "않으며 사진과 동영상이 느리게 보일 수 있습니다. 최신 소식은 저희 소셜 미디어에서 계속 전해 드립니다. 궁금한 점이 있으시면 페이지 아래의 번호로 "
        "전화해 주십시오. 이용에 불편을 드려 죄송합니다."),
    ),
    login=("로그인", "계속 읽으려면 로그인해 주세요. 비밀번호를 잊으셨나요? 회원가입"),
    paywall=("구독자 전용 기사", "이 기사는 구독 회원 전용입니다. 로그인하거나 구독해 주세요."),
    consent=("개인정보 안내", "저희는 더 나은 이용을 위해 쿠키를 사용합니다. 쿠키 사용에 동의하십니까? 동의하고 계속하기."),
    scripts="자바스크립트를 켜 주세요.",
    found="검색 결과",
    tag="주제",
    shop=("장바구니 담기", "남성용 린넨 셔츠, 넉넉한 품, 세탁기 사용 가능", "₩ 29,900", "문의"),
    forum=("reply", "likes", "제 생각에는 다른 방법으로 해 보는 게 좋겠어요, 저도 작년에 같은 문제가 있었거든요."),
    manual=("설치", "다음 명령을 실행하여 패키지를 설치한 뒤 예제와 같이 변수를 설정합니다."),
    company=("우리의 서비스", "저희는 귀사의 디지털 전환을 빠르고 저렴하게 돕습니다.", "문의"),
    caption="개통 첫날 다리를 걷는 시민들. (사진: 민아인)",
    pieces=(
        ("독자 편지: 나무를 살려 주세요", "편집장님, 저는 이 거리에서 사십 년을 살았습니다. 나무들이 온 거리에 그늘을 줍니다. 살려 주세요."),
        ("시인 응우옌 반 빈 별세", "1935년에 태어난 시인 응우옌 반 빈이 11월 24일 향년 91세로 별세했다."),
        ("바로잡습니다", "11월 24일 자 기사에서 쩐반안 씨의 이름이 잘못 쓰였기에 바로잡습니다. 독자께 사과드립니다."),
        ("11월 26일 날씨", "하노이 소나기, 기온 18~22도. 중부 지방에 큰비, 갑작스러운 홍수에 주의해야 한다."),
    ),
)  # fmt: skip
WORDINGS = (VI, ZH, EN, FR, ES, RU, KO)
