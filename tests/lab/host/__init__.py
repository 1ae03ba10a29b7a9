# SPDX-License-Identifier: GPL-2.0-or-later
"""The host's side of the laboratory: kernel, boot image, virtual machine, scenarios."""
