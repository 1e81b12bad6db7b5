"""The style of the app where the platform has none of its own: Fusion with the colours and corners of the design."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

from gui.widgets.design import COLOURS, GAP, GRID, HALF, ROUND, ROUND_PANEL, Colours, Scheme, blended

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_GENERIC = "fusion"  # the style of Qt for desktops without one; macOS, Windows and KDE have their own
_PICTURES = Path(__file__).parent


def refine(application: QApplication) -> None:
    """Give an application the design's colours and corners, light or dark as the desktop is, and follow the desktop.

    A desktop that has a style of its own keeps it, and so do people who asked their desktop for high contrast.
    """
    if application.style().objectName().lower() != _GENERIC:
        return
    if _wants_high_contrast(application):
        return
    dress(application, _wanted(application))
    application.styleHints().colorSchemeChanged.connect(lambda _: dress(application, _wanted(application)))


def dress(application: QApplication, scheme: Scheme) -> None:
    """Give an application the colours and corners of a scheme."""
    application.setPalette(palette_of(scheme))
    application.setStyleSheet(style_sheet(scheme))


def scheme_of(palette: QPalette) -> Scheme:
    """Return whether a palette is a light or a dark one."""
    return Scheme.DARK if palette.color(QPalette.ColorRole.Window).lightnessF() < 0.5 else Scheme.LIGHT


def palette_of(scheme: Scheme) -> QPalette:
    """Return the palette of a scheme."""
    colours, role = COLOURS[scheme], QPalette.ColorRole
    palette = QPalette(QColor(colours.raised), QColor(colours.window))  # the shades of frames follow from these
    roles = {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.base,
        role.AlternateBase: colours.stripe,
        role.Text: colours.text,
        role.PlaceholderText: colours.muted,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.warning,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.Accent: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Link: colours.link,
        role.LinkVisited: colours.link,
    }
    for name, value in roles.items():
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colours.line))
    return palette


def style_sheet(scheme: Scheme) -> str:
    """Return the rules that make the controls of Fusion flat and round."""
    colours = COLOURS[scheme]
    values = {name: getattr(colours, name) for name in Colours.__dataclass_fields__}
    pressed = blended(colours.raised, colours.text, 0.16)
    return _RULES.substitute(
        values,
        round=ROUND,
        panel=ROUND_PANEL,
        half=HALF,
        gap=GAP,
        pressed=pressed,
        chosen=blended(colours.window, colours.accent, 0.16),
        inner=GRID - 2,
        down=(_PICTURES / "chevron_down.png").as_posix(),
        tick=(_PICTURES / f"tick_{scheme}.png").as_posix(),
        up=(_PICTURES / "chevron_up.png").as_posix(),
    )


def _wants_high_contrast(application: QApplication) -> bool:
    accessibility = getattr(application.styleHints(), "accessibility", None)  # there since Qt 6.10
    if accessibility is None:
        return False
    return bool(accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)


def _wanted(application: QApplication) -> Scheme:
    known = {Qt.ColorScheme.Dark: Scheme.DARK, Qt.ColorScheme.Light: Scheme.LIGHT}
    return known.get(application.styleHints().colorScheme()) or scheme_of(application.palette())


_RULES = Template("""
QMenuBar { background: $window; padding: 2px ${half}px; }
QMenuBar::item { padding: ${half}px ${gap}px; border-radius: ${half}px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QToolBar { background: $window; border: 0; border-bottom: 1px solid $line; padding: 2px ${gap}px;
  spacing: ${half}px; }
PictureBar QToolButton { background: $raised; border-color: $line; }
PictureBar QToolButton:hover { background: $hover; }
PictureBar QToolButton:disabled { background: transparent; }
QToolBar::separator { background: $line; width: 1px; margin: ${half}px ${half}px; }
QToolButton { border: 1px solid transparent; border-radius: ${round}px; padding: 3px ${inner}px;
  background: transparent; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $chosen; border-color: $accent; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $disabled; }
QPushButton { background: $raised; border: 1px solid $edge; border-radius: ${round}px; padding: ${half}px 12px;
  min-height: 16px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border: 2px solid $accent; padding: 3px 11px; }
QPushButton:default { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton:default:focus { border-color: $text; }
QPushButton:disabled { background: $window; color: $disabled; border-color: $line; }
QLineEdit, QComboBox, QSpinBox { background: $base; border: 1px solid $edge; border-radius: ${round}px;
  padding: 3px ${inner}px; min-height: 16px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus { border: 2px solid $accent; padding: 2px 5px; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { background: $window; color: $disabled;
  border-color: $line; }
QSpinBox QLineEdit, QComboBox QLineEdit { border: 0; padding: 0 ${half}px; background: transparent; min-height: 0; }
QComboBox::drop-down { border: 0; width: 22px; }
QComboBox::down-arrow { image: url($down); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $base; border: 1px solid $line; selection-background-color: $accent;
  selection-color: $on_accent; outline: 0; }
QSpinBox::up-button, QSpinBox::down-button { border: 0; width: 18px; }
QSpinBox::up-arrow { image: url($up); width: 10px; height: 10px; }
QSpinBox::down-arrow { image: url($down); width: 10px; height: 10px; }
QCheckBox { spacing: ${gap}px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $edge; border-radius: ${half}px;
  background: $base; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($tick); }
QCheckBox::indicator:disabled { background: $window; border-color: $line; }
QCheckBox::indicator:checked:disabled { background: $line; }
QCheckBox:disabled { color: $disabled; }
QCheckBox:focus { color: $link; }
QAbstractScrollArea#panel, QTreeWidget, QTextBrowser { border: 1px solid $line; border-radius: ${round}px;
  background: $base; }
QTreeView { outline: 0; }
QTreeView::item { padding: ${half}px 5px; }
QHeaderView { background: $base; border: 0; }
QHeaderView::section { background: $base; color: $muted; border: 0; border-bottom: 1px solid $line;
  padding: ${half}px ${gap}px; font-weight: 600; }
QHeaderView::section:hover { color: $text; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $line; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QMenu { background: $base; border: 1px solid $line; padding: ${half}px; }
QMenu::item { padding: ${half}px 24px ${half}px 24px; border-radius: ${half}px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: ${half}px ${gap}px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: ${half}px; }
QSplitter::handle { background: transparent; }
""")
