"""The procedure definition (định nghĩa thủ tục hành chính) as frozen values, part by part."""
