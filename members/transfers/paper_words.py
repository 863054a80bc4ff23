"""The texts of the printed letter: the customary national form, Chinese by nature and not translated."""

from typing import Any

from members.codes import ETHNICITY_CODES
from portal.organizations.models import Standing

# Where braces hold ``day``, a date is written into them.
WORDS: dict[str, Any] = {
    "title": "中国共产党党员组织关系介绍信",
    "serial": "（{year}）第 {number:04} 号",
    "parts": ["第一联 存根", "第二联 介绍信", "第三联 回执"],
    "seal": "加盖骑缝章",
    "day": "{day.year}年{day.month}月{day.day}日",
    "month": "{day.year}年{day.month}月",
    "sex": {"1": "男", "2": "女"},
    "standing": {Standing.FULL_MEMBER.value: "正式党员", Standing.PROBATIONARY.value: "预备党员"},
    "ethnicities": {code: name + ("" if code in ("97", "98") else "族")
                    for name, code in ETHNICITY_CODES.items()},
    "stub": [
        "{name} 同志系（{standing}），组织关系由 {from_unit} 转到 {to_unit}。",
        "去向党组织：{to_committee}。党费交至 {dues}，有效期 {days} 天，至 {until} 止。",
    ],
    "stub_sign": ["经办人：＿＿＿＿＿＿　　{issued}"],
    "addressee": "{to_committee}：",
    "letter": [
        "{name} 同志（{sex}），{age} 岁，{ethnicity}，系中共（{standing}），身份证号码 {id_no}，"
        "由 {from_unit} 去 {to_unit}，请转接组织关系。",
        "该同志党费已交到 {dues}。",
        "（有效期 {days} 天，至 {until} 止）",
    ],
    "letter_sign": ["{issuer}（盖章）", "{issued}"],
    "notes": {"handler": "经办人", "contact_phone": "联系电话", "fax": "传真", "address": "通讯地址"},
    "addressee_back": "{issuer}：",
    "receipt": [
        "{name} 同志的党员组织关系已转达我处，特此回复。",
        "经办人：＿＿＿＿＿＿　　联系电话：＿＿＿＿＿＿＿＿",
    ],
    "receipt_sign": ["（接收单位盖章）", "＿＿＿＿年＿＿月＿＿日"],
}  # fmt: skip
