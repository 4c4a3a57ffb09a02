"""Small corpora of invented comments: four subjects in Japanese, three in English, and some that belong nowhere."""

LIBRARY = """図書館の開館時間を夜八時まで延ばしてほしい。
図書館の開館時間が短くて仕事帰りに寄れません。
図書館は日曜の開館時間も平日と同じにしてほしい。
図書館の本の予約がいつもいっぱいです。
図書館の新しい本の予約に半年かかりました。
図書館の自習席が足りません。
図書館の自習席をもっと増やしてほしい。
図書館の自習席は学生でいつも満席です。
図書館の返却ポストを駅前にも置いてください。
図書館の本を借りられる冊数を増やしてほしい。
図書館の読み聞かせの会が楽しみです。
図書館の開館時間を朝早くしてほしい。"""

WASTE = """燃えるごみの収集が週に一回では足りません。
ごみの収集の曜日を増やしてほしい。
ごみの分別が細かくてわかりにくい。
ごみの分別の表を大きな字で配ってほしい。
ごみの集積所がカラスに荒らされています。
ごみの集積所に網をかけてほしい。
ごみ袋の値段が高い。
ごみ袋の値段を下げてください。
粗大ごみの収集の申し込みが面倒です。
ごみの収集の時間が早すぎます。
ごみの分別がわからない人が多い。
古紙とごみの収集を同じ日にしてほしい。"""

NURSERY = """保育園に入れず待っています。
保育園の定員を増やしてください。
保育園の定員が少なくて兄弟が別の園です。
保育園の送り迎えの時間が仕事と合いません。
保育園の給食がおいしいと子どもが言います。
保育園の先生が足りないと聞きました。
保育園の先生の給料を上げてほしい。
保育園の申し込みの書類が多すぎます。
保育園の延長保育をもう一時間長くしてほしい。
保育園の園庭が狭い。
病気の子どもを預かる保育園が近くにありません。
保育園の定員と先生を増やしてほしい。"""

SNOW = """除雪車が来るのが遅くて車が出せません。
除雪のあとに家の前に雪の山が残ります。
除雪の順番を教えてほしい。
歩道の除雪をしてほしい。
通学路の歩道の除雪が間に合っていません。
雪かきを手伝ってくれる人がいません。
高齢の家の雪かきを助ける仕組みがほしい。
屋根の雪を下ろす費用を補助してほしい。
除雪の費用が足りないなら税金を使ってください。
除雪車が側溝を壊しました。
雪を捨てる場所がありません。
除雪の業者が足りないそうです。"""

ELSEWHERE = """市長に会ってみたい。
ラーメンが好きです。
星がきれいに見えました。
なし
特になし
。。。
"""

JAPANESE = [line for text in (LIBRARY, WASTE, NURSERY, SNOW, ELSEWHERE) for line in text.splitlines()]

ENGLISH = """The library closes too early on weekdays.
Please keep the library open until eight.
The library should open on Sundays.
I cannot find a seat in the library.
The library needs more seats for students.
New books at the library take months to arrive.
Borrowing books from the library is easy.
The swimming pool is too crowded.
The pool is too cold in winter.
Please repair the showers at the swimming pool.
The pool needs more lanes for swimming lessons.
Swimming lessons are fully booked every season.
Children love the swimming pool.
The pool changing rooms are dirty.
Street lights near the school are broken.
Our street is dark because the lights are broken.
Please repair the street lights on the hill.
More street lights would make walking safer.
The street lights go out at midnight.
Broken street lights were reported twice.
The lights on our street flicker.
none
...
""".splitlines()
