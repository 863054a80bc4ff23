import pytest

from portal.encryption.masks import mask_address, mask_email, mask_id_no, mask_id_tail, mask_mobile


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_id_no, "11010519491231002X", "110105********002X"),
        (mask_id_no, "12345", "****"),
        (mask_id_no, "", ""),
        (mask_id_tail, "11010519491231002X", "****002X"),
        (mask_id_tail, "1234", "****"),
        (mask_mobile, "13812345678", "138****5678"),
        (mask_mobile, "1381", "****"),
        (mask_email, "abc@example.edu.cn", "a***@example.edu.cn"),
        (mask_email, "abc", "****"),
        (mask_email, "", ""),
        (mask_address, "广西壮族自治区桂林市象山区某路12号", "广西壮族自治区桂林市****"),
        (mask_address, "北京市海淀区某路1号", "北京市****"),
        (mask_address, "某市某区某路255号", "某市****"),
        (mask_address, "某路255号", "****"),
        (mask_address, "", ""),
    ],
)
def test_mask_keeps_only_what_domain_allows(mask, value, shown):
    assert mask(value) == shown
